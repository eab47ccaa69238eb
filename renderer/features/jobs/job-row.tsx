import type { Job } from '../../../shared/contract/jobs.ts';
import { CountCell, DefinitionRow } from '../../domain/definition/definition-row.tsx';
import { Cell } from '../../ui/tables/cell.tsx';
import { endHead } from '../../ui/tables/list-head.tsx';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { jobLampOf, whatRuns } from './model/filter-jobs.ts';

export const columns = {
  wide: '12px minmax(120px, 1.2fr) 68px minmax(90px, 2.4fr) repeat(3, clamp(50px, 7cqi, 62px)) clamp(64px, 9cqi, 84px) 16px',
  narrow: '12px minmax(0, 1fr) auto',
} as const;

export const headings = {
  wide: ['', 'Job', 'Kind', 'Runs', endHead('Waiting'), endHead('Running'), endHead('Failed'), 'Last run', ''],
  narrow: ['', 'Job', ''],
};

export function JobRow({ job, narrow, isDirty }: { job: Job; narrow: boolean; isDirty: boolean }) {
  return (
    <DefinitionRow definition={job} lamp={jobLampOf(job)} narrow={narrow} isDirty={isDirty}>
      <Cell dim>{job.kind}</Cell>
      <Cell mono title={whatRuns(job)}>
        {whatRuns(job)}
      </Cell>
      <CountCell value={job.counts.waiting} tone="amber" />
      <CountCell value={job.counts.running} tone="blue" />
      <CountCell value={job.counts.failed} tone="red" />
      <Cell dim>{job.lastRunAt === null ? 'never' : <TimeAgo at={job.lastRunAt} />}</Cell>
    </DefinitionRow>
  );
}
