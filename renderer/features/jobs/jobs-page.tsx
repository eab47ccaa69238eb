import { Button } from '@mantine/core';
import { IconPlus, IconTerminal2 } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { AppPage } from '../../components/app-page.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { FilterField } from '../../components/filter-field.tsx';
import { ListHead } from '../../components/list-head.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { OpenOnClick } from '../../components/open-on-click.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import { useCatalog } from '../../stores/catalog.ts';
import { newKey } from '../../stores/definition-editor.ts';
import type { PageProps } from '../../stores/feature.ts';
import { jobEditors } from '../../stores/jobs-draft.ts';
import { filterJobs } from '../../stores/jobs-filter.ts';
import { navigate, useRoute } from '../../stores/navigation.ts';
import { hrefOf, paths } from '../../stores/paths.ts';
import { useShortcuts } from '../../stores/shortcuts.ts';
import { Examples } from './examples.tsx';
import { JobPane } from './job-pane.tsx';
import { columns, headings, JobRow } from './job-row.tsx';
import { NewJobPane } from './new-job-pane.tsx';

export function JobsPage({ params, search }: PageProps) {
  const { path } = useRoute();
  const isNew = path === paths.newJob();
  const openSlug = params.slug ?? null;
  const jobs = useCatalog((state) => state.jobs);
  const phase = useCatalog((state) => state.phase);
  const error = useCatalog((state) => state.error);
  const [filter, setFilter] = useState('');
  const [hasExamples, setHasExamples] = useState(false);
  const [active, setActive] = useState<string | null>(openSlug);
  const dirty = new Set(jobEditors.useDirtyKeys().split(' '));
  const shown = useMemo(() => filterJobs(jobs, filter), [jobs, filter]);
  const clicked = useRef<string | null>(null);
  const isOpen = isNew || openSlug !== null;
  const shape = isOpen ? 'narrow' : 'wide';
  const close = (): void => navigate(paths.jobs());

  useShortcuts('Jobs', [
    { keys: 'n', label: 'New job', run: () => navigate(paths.newJob()) },
    { keys: 'escape', label: 'Close the job', run: close, enabled: isOpen },
  ]);

  const list =
    phase === 'error' && error !== null ? (
      <ErrorState error={error} />
    ) : phase === 'loading' ? (
      <LoadingRows />
    ) : (
      <VirtualList
        items={shown}
        keyOf={(job) => job.slug}
        label="Jobs"
        columns={columns[shape]}
        header={<ListHead columns={columns[shape]} cells={headings[shape]} />}
        renderRow={(job) => <JobRow job={job} narrow={isOpen} isDirty={dirty.has(job.slug)} />}
        activeKey={isNew ? null : (openSlug ?? active)}
        onActivate={(slug) => {
          clicked.current = slug;
          setActive(slug);
          if (isOpen) navigate(paths.job(slug), { replace: openSlug !== null });
        }}
        onOpen={(slug) => navigate(paths.job(slug))}
        empty={
          filter !== '' ? (
            <EmptyState title="No job is like that">Names, commands and files are looked through.</EmptyState>
          ) : (
            <EmptyState
              icon={IconTerminal2}
              title="No jobs yet"
              action={
                <>
                  <Button component="a" href={hrefOf(paths.newJob())}>
                    New job
                  </Button>{' '}
                  <Button variant="default" onClick={() => setHasExamples(true)}>
                    Start from an example
                  </Button>
                </>
              }
            >
              A job is a command or a script that is run for an event, with limits on time, attempts and output.
            </EmptyState>
          )
        }
      />
    );

  return (
    <AppPage
      title="Jobs"
      count={phase === 'ready' ? jobs.length : undefined}
      toolbar={<FilterField value={filter} onChange={setFilter} label="Filter jobs" />}
      actions={
        <>
          <Button variant="default" onClick={() => setHasExamples(true)}>
            Examples
          </Button>
          <Button
            leftSection={<IconPlus size={14} stroke={1.8} />}
            variant={isNew ? 'default' : 'filled'}
            onClick={() => navigate(paths.newJob())}
          >
            New job
          </Button>
        </>
      }
    >
      <SplitPane
        id="jobs"
        defaultRatio={0.26}
        minPx={240}
        primary={
          <OpenOnClick
            onOpen={() => {
              if (!isOpen && clicked.current !== null) navigate(paths.job(clicked.current));
            }}
          >
            {list}
          </OpenOnClick>
        }
        secondary={
          isNew ? (
            <NewJobPane key={newKey} onClose={close} />
          ) : openSlug !== null ? (
            <JobPane key={openSlug} slug={openSlug} eventId={search.get('event')} onClose={close} />
          ) : null
        }
      />
      <Examples opened={hasExamples} onClose={() => setHasExamples(false)} />
    </AppPage>
  );
}
