import { useEffect, useState } from 'react';
import type { Job } from '../../../shared/contract/jobs.ts';
import { call } from '../../client/index.ts';
import {
  ConflictNote,
  DefinitionLoading,
  DefinitionPane,
  OwnedNote,
  PaneHead,
  PaneNote,
  useIsReadOnly,
} from '../../domain/definition/definition-pane.tsx';
import { InUseNote } from '../../domain/definition/in-use-note.tsx';
import { OwnerBadge } from '../../domain/definition/owner-badge.tsx';
import { RemoveMenu } from '../../domain/definition/remove-menu.tsx';
import { useRemoval } from '../../domain/definition/use-removal.ts';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { Lamp } from '../../ui/feedback/lamp.tsx';
import { SegmentTabs, TabPanel } from '../../ui/layout/segment-tabs.tsx';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { JobEditor } from './job-editor.tsx';
import { JobTest } from './job-test.tsx';
import classes from './jobs.module.css';
import { jobLampOf } from './model/filter-jobs.ts';
import { jobDraftOf, jobEditors, jobInputOf } from './model/job-draft.ts';

interface JobPaneProps {
  slug: string;
  eventId: string | null;
  onClose: () => void;
}

export function JobPane({ slug, eventId, onClose }: JobPaneProps) {
  const got = useCall('jobs.get', { slug }, { reloadOn: ['jobs.changed'] });
  const job = got.value;
  useEffect(() => {
    if (job !== undefined) jobEditors.receive(slug, jobDraftOf(job), job.version);
  }, [slug, job]);
  if (job === undefined) {
    return (
      <DefinitionLoading
        label={`Job ${slug}`}
        what="job"
        slug={slug}
        error={got.error}
        onRetry={got.reload}
        onClose={onClose}
      />
    );
  }
  return <Loaded job={job} eventId={eventId} onClose={onClose} onChanged={got.setValue} />;
}

type Tab = 'definition' | 'test';

interface LoadedProps {
  job: Job;
  eventId: string | null;
  onClose: () => void;
  onChanged: (job: Job) => void;
}

function Loaded({ job, eventId, onClose, onChanged }: LoadedProps) {
  const { slug } = job;
  const [tab, setTab] = useState<Tab>(eventId === null ? 'definition' : 'test');
  const editing = jobEditors.use(slug);
  const readOnly = useIsReadOnly(job.owner);
  const users = useCatalog((state) => state.listeners).filter((listener) => listener.job === slug);
  const lamp = jobLampOf(job);

  const removal = useRemoval({
    name: job.name,
    done: `${job.name} was removed`,
    remove: () => call('jobs.remove', { slug }),
    onRemoved: () => {
      jobEditors.close(slug);
      onClose();
    },
    restore: async () => {
      await call('jobs.create', jobInputOf(jobDraftOf(job)));
      navigate(paths.job(slug));
    },
  });

  return (
    <DefinitionPane label={`Job ${slug}`}>
      <PaneHead
        lamp={<Lamp tone={lamp.tone} lit={lamp.lit} pulse={lamp.pulse} label={lamp.label} />}
        title={job.name}
        slug={slug}
        badges={
          <>
            <OwnerBadge owner={job.owner} />
            <a className={classes.runsLink} href={hrefOf(paths.runs(`job:${slug}`))}>
              Runs
            </a>
          </>
        }
        actions={!readOnly && <RemoveMenu label="Remove" busy={removal.busy} onRemove={removal.run} />}
        onClose={onClose}
      />
      <OwnedNote owner={job.owner} what="job" />
      {job.problem !== null && <PaneNote tone="red">{job.problem}</PaneNote>}
      {removal.isInUse && (
        <InUseNote
          users={users}
          uses={{ one: 'runs it', several: 'run it' }}
          remedy={
            users.length === 1
              ? 'Assign another job to it or delete it first.'
              : 'Assign another job to them or delete them first.'
          }
        />
      )}
      {editing?.newer !== null && editing?.newer !== undefined && (
        <ConflictNote
          what="job"
          mine={JSON.stringify(jobInputOf(editing.draft), null, 2)}
          theirs={JSON.stringify(jobInputOf(editing.newer.draft), null, 2)}
          version={editing.newer.version}
          onTakeTheirs={() => jobEditors.takeNewer(slug)}
          onKeepMine={() => jobEditors.keepMine(slug)}
        />
      )}
      <SegmentTabs
        id="job"
        label="Job"
        keys
        tabs={[
          { value: 'definition', label: 'Definition' },
          { value: 'test', label: 'Test run' },
        ]}
        value={tab}
        onChange={(value: Tab) => setTab(value)}
      />
      <TabPanel id="job" tab={tab}>
        {tab === 'test' ? (
          <JobTest job={job} eventId={eventId} hasUnsaved={editing !== undefined && jobEditors.isDirty(editing)} />
        ) : editing === undefined ? (
          <LoadingRows rows={8} />
        ) : (
          <JobEditor job={job} editing={editing} readOnly={readOnly} users={users} onSaved={onChanged} />
        )}
      </TabPanel>
    </DefinitionPane>
  );
}
