import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Job } from '../../../shared/contract/jobs.ts';
import { AppError, call } from '../../client/index.ts';
import {
  ConflictNote,
  DefinitionPane,
  OwnedNote,
  PaneHead,
  PaneNote,
  useIsReadOnly,
} from '../../components/definition-pane.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Lamp } from '../../components/lamp.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { OwnerBadge } from '../../components/owner-badge.tsx';
import { SegmentTabs } from '../../components/segment-tabs.tsx';
import { showFailure, showUndo } from '../../components/toasts.tsx';
import { useCatalog } from '../../stores/catalog.ts';
import { jobDraftOf, jobEditors, jobInputOf } from '../../stores/jobs-draft.ts';
import { jobLampOf } from '../../stores/jobs-filter.ts';
import { navigate } from '../../stores/navigation.ts';
import { hrefOf, paths } from '../../stores/paths.ts';
import { useAction, useCall } from '../../stores/use-call.ts';
import { JobEditor } from './job-editor.tsx';
import { JobTest } from './job-test.tsx';
import classes from './jobs.module.css';

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
      <DefinitionPane label={`Job ${slug}`}>
        <PaneHead title={slug} onClose={onClose} />
        {got.error === null ? (
          <LoadingRows rows={8} />
        ) : (
          <ErrorState error={got.error} title="This job could not be loaded" onRetry={got.reload} />
        )}
      </DefinitionPane>
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
  const [isInUse, setInUse] = useState(false);
  const editing = jobEditors.use(slug);
  const readOnly = useIsReadOnly(job.owner);
  const users = useCatalog((state) => state.listeners).filter((listener) => listener.job === slug);
  const lamp = jobLampOf(job);

  const remove = useAction(async () => {
    try {
      await call('jobs.remove', { slug });
    } catch (error) {
      if (error instanceof AppError && error.code === 'in_use') setInUse(true);
      else showFailure(error, `${job.name} was not removed`);
      return;
    }
    jobEditors.close(slug);
    onClose();
    showUndo({
      message: `${job.name} was removed`,
      undo: async () => {
        await call('jobs.create', jobInputOf(jobDraftOf(job)));
        navigate(paths.job(slug));
      },
    });
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
        actions={
          !readOnly && (
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon aria-label="More">
                  <IconDots size={16} stroke={1.6} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<IconTrash size={14} stroke={1.6} />}
                  disabled={remove.busy}
                  onClick={() => void remove.run()}
                >
                  Remove
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )
        }
        onClose={onClose}
      />
      <OwnedNote owner={job.owner} what="job" />
      {job.problem !== null && <PaneNote tone="red">{job.problem}</PaneNote>}
      {isInUse && users.length > 0 && (
        <PaneNote tone="amber">
          It cannot be removed while {users.length === 1 ? 'a listener runs' : `${users.length} listeners run`} it:{' '}
          {users.map((listener, index) => (
            <span key={listener.slug}>
              {index > 0 && ', '}
              <a href={hrefOf(paths.listener(listener.slug))}>{listener.name}</a>
            </span>
          ))}
          . Give {users.length === 1 ? 'it' : 'them'} another job or delete {users.length === 1 ? 'it' : 'them'} first.
        </PaneNote>
      )}
      {isInUse && users.length === 0 && (
        <PaneNote tone="amber">
          It could not be removed: a listener still names it. Deleted listeners count too, since they can be restored.
        </PaneNote>
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
      <div id="job-panel" role="tabpanel" aria-labelledby={`job-tab-${tab}`} className={classes.panel}>
        {tab === 'test' ? (
          <JobTest job={job} eventId={eventId} hasUnsaved={editing !== undefined && jobEditors.isDirty(editing)} />
        ) : editing === undefined ? (
          <LoadingRows rows={8} />
        ) : (
          <JobEditor job={job} editing={editing} readOnly={readOnly} users={users} onSaved={onChanged} />
        )}
      </div>
    </DefinitionPane>
  );
}
