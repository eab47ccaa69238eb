import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import type { Job } from '../../../shared/contract/jobs.ts';
import { Cell } from '../../components/cell.tsx';
import { formatCount } from '../../components/format.ts';
import { Lamp } from '../../components/lamp.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { jobLampOf, whatRuns } from '../../stores/jobs-filter.ts';
import classes from './jobs.module.css';

export const columns = {
  wide: '12px minmax(150px, 1.2fr) 68px minmax(200px, 2.4fr) 62px 62px 62px 84px 16px',
  narrow: '12px minmax(0, 1fr) auto',
} as const;

const right = (text: string) => (
  <span key={text} className={classes.right}>
    {text}
  </span>
);

export const headings = {
  wide: ['', 'Job', 'Kind', 'Runs', right('Waiting'), right('Running'), right('Failed'), 'Last run', ''],
  narrow: ['', 'Job', ''],
};

export function JobRow({ job, narrow, isDirty }: { job: Job; narrow: boolean; isDirty: boolean }) {
  const lamp = jobLampOf(job);
  const mark =
    job.problem !== null ? (
      <IconAlertTriangle size={14} stroke={1.7} className={classes.problemMark} aria-label={job.problem} />
    ) : job.owner === 'config' ? (
      <IconLock size={13} stroke={1.6} className={classes.lock} aria-label="Declared in the config file" />
    ) : null;
  return (
    <>
      <Lamp tone={lamp.tone} lit={lamp.lit} pulse={lamp.pulse} label={lamp.label} />
      <Cell title={job.problem ?? `${job.name} (${job.slug})`}>
        {job.name}
        {isDirty && <span className={classes.dirty} title="Unsaved changes" />}
        {!narrow && job.name !== job.slug && <span className={classes.slugCell}>{job.slug}</span>}
      </Cell>
      {!narrow && (
        <>
          <Cell dim>{job.kind}</Cell>
          <Cell mono title={whatRuns(job)}>
            {whatRuns(job)}
          </Cell>
          <Count value={job.counts.waiting} tone="amber" />
          <Count value={job.counts.running} tone="blue" />
          <Count value={job.counts.failed} tone="red" />
          <Cell dim>{job.lastRunAt === null ? 'never' : <TimeAgo at={job.lastRunAt} />}</Cell>
        </>
      )}
      <span className={classes.mark}>{mark}</span>
    </>
  );
}

function Count({ value, tone }: { value: number; tone: 'amber' | 'blue' | 'red' }) {
  return (
    <Cell align="end" dim={value === 0}>
      <span className={value === 0 ? undefined : classes[tone]}>{value === 0 ? '–' : formatCount(value)}</span>
    </Cell>
  );
}
