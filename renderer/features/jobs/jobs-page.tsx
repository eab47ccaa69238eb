import { Button } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import { PermittedLink } from '../../domain/access/permitted-link.tsx';
import { DefinitionPage } from '../../domain/definition/definition-page.tsx';
import type { PageProps } from '../../model/app/feature.ts';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { newKey } from '../../model/definitions/definition-editor.ts';
import { EmptyState } from '../../ui/feedback/empty-state.tsx';
import { Examples } from './examples.tsx';
import { JobPane } from './job-pane.tsx';
import { columns, headings, JobRow } from './job-row.tsx';
import { filterJobs } from './model/filter-jobs.ts';
import { jobEditors } from './model/job-draft.ts';
import { NewJobPane } from './new-job-pane.tsx';

export function JobsPage({ params, search }: PageProps) {
  const openSlug = params.slug ?? null;
  const jobs = useCatalog((state) => state.jobs);
  const [hasExamples, setHasExamples] = useState(false);
  const dirty = new Set(jobEditors.useDirtyKeys().split(' '));
  const close = (): void => navigate(paths.jobs());

  return (
    <>
      <DefinitionPage
        id="jobs"
        title="Jobs"
        what="job"
        paths={{ all: paths.jobs(), create: paths.newJob(), one: paths.job }}
        openSlug={openSlug}
        items={jobs}
        search={filterJobs}
        columns={columns}
        headings={headings}
        renderRow={(job, narrow) => <JobRow job={job} narrow={narrow} isDirty={dirty.has(job.slug)} />}
        notFound={<EmptyState title="No matching jobs">Searches names, commands and files.</EmptyState>}
        empty={
          <EmptyState
            icon={IconTerminal2}
            title="No jobs yet"
            action={
              <>
                <PermittedLink needs="define" href={hrefOf(paths.newJob())}>
                  New job
                </PermittedLink>{' '}
                <Button variant="default" onClick={() => setHasExamples(true)}>
                  Start from an example
                </Button>
              </>
            }
          >
            A job is a command or script that runs for an event, with limits on time, attempts and output.
          </EmptyState>
        }
        actions={
          <Button variant="default" onClick={() => setHasExamples(true)}>
            Examples
          </Button>
        }
        newPane={<NewJobPane key={newKey} onClose={close} />}
        openPane={
          openSlug !== null && <JobPane key={openSlug} slug={openSlug} eventId={search.get('event')} onClose={close} />
        }
      />
      <Examples opened={hasExamples} onClose={() => setHasExamples(false)} />
    </>
  );
}
