import { useEffect, useState } from 'react';
import type { Job } from '../../../shared/contract/jobs.ts';
import { call } from '../../client/index.ts';
import { ConflictNote } from '../../domain/definition/conflict-note.tsx';
import { DefinitionDetail } from '../../domain/definition/definition-detail.tsx';
import { DefinitionLoading, useIsReadOnly } from '../../domain/definition/definition-pane.tsx';
import { InUseNote } from '../../domain/definition/in-use-note.tsx';
import { RemoveMenu } from '../../domain/definition/remove-menu.tsx';
import { useRemoval } from '../../domain/definition/use-removal.ts';
import { DestinationView } from '../../domain/destination/destination-view.tsx';
import { RunActivity } from '../../domain/run/run-activity.tsx';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { LoadingRows } from '../../ui/tables/loading-rows.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { JobEditor } from './form/job-editor.tsx';
import classes from './jobs.module.css';
import { jobLampOf } from './model/filter-jobs.ts';
import { jobDraftOf, jobEditors, jobInputOf } from './model/job-draft.ts';
import { JobTest } from './test/job-test.tsx';

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
    return <DefinitionLoading what="job" slug={slug} error={got.error} onRetry={got.reload} onClose={onClose} />;
  }
  return <Loaded job={job} eventId={eventId} onClose={onClose} onChanged={got.setValue} />;
}

type Tab = 'definition' | 'activity' | 'test' | 'destination';

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
    <DefinitionDetail
      what="job"
      definition={job}
      lamp={jobLampOf(job)}
      facts={
        <>
          <a className={classes.runsLink} href={hrefOf(paths.runs(`job:${slug}`))}>
            Runs
          </a>
          {job.counts.failed > 0 && (
            <a className={classes.runsLink} href={hrefOf(paths.runs('', { job: slug, state: ['failed'] }))}>
              {`${formatCount(job.counts.failed)} failed`}
            </a>
          )}
        </>
      }
      actions={!readOnly && <RemoveMenu label="Remove" busy={removal.busy} onRemove={removal.run} />}
      notes={
        <>
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
          <ConflictNote what="job" slug={slug} editors={jobEditors} editing={editing} inputOf={jobInputOf} />
        </>
      }
      tabs={[
        { value: 'definition', label: 'Definition' },
        ...(job.kind === 'http' ? [{ value: 'destination' as const, label: 'Destination' }] : []),
        { value: 'activity', label: 'Activity' },
        { value: 'test', label: 'Test run' },
      ]}
      tab={tab}
      onTab={setTab}
      onClose={onClose}
    >
      {tab === 'destination' && job.kind === 'http' ? (
        <DestinationView job={slug} />
      ) : tab === 'activity' ? (
        <RunActivity job={slug} />
      ) : tab === 'test' ? (
        <JobTest job={job} eventId={eventId} hasUnsaved={editing !== undefined && jobEditors.isDirty(editing)} />
      ) : editing === undefined ? (
        <LoadingRows rows={8} />
      ) : (
        <JobEditor job={job} editing={editing} readOnly={readOnly} users={users} onSaved={onChanged} />
      )}
    </DefinitionDetail>
  );
}
