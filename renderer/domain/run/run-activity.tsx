import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../client/index.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useCall } from '../../model/calls/use-call.ts';
import { useHistogram } from '../../model/calls/use-histogram.ts';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { formatCount, formatDurationMs } from '../../ui/text/format.ts';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import { TimeBars } from '../time/time-bars.tsx';
import classes from './run-activity.module.css';
import { runParts } from './run-parts.ts';

const periods = [
  { value: '24', label: '24 hours', term: '24h' },
  { value: '168', label: '7 days', term: '7d' },
  { value: '720', label: '30 days', term: '30d' },
] as const;

/** Statistics of a job's runs, for all listeners or for one. */
export function RunActivity({ job, listener }: { job: string; listener?: string }) {
  const [period, setPeriod] = useState<(typeof periods)[number]>(periods[0]);
  const query = `job:${job}${listener === undefined ? '' : ` listener:${listener}`} after:${period.term}`;
  const input = { job, hours: Number(period.value), ...(listener === undefined ? {} : { listener }) };
  const { value, error, reload } = useCall('runs.statistics', input, { reloadOn: ['runs.changed'], keep: true });
  const histogram = useHistogram(query, (cursor) => call('runs.histogram', { query, buckets: 60, cursor }), [
    'runs.changed',
  ]);
  if (error !== null) return <ErrorState error={error} onRetry={reload} />;
  const ended = value === undefined ? 0 : value.completed + value.failed;
  const listHref = (more: string): string => hrefOf(paths.runs(`${query} ${more}`.trim()));
  return (
    <div className={classes.activity}>
      <SegmentedControl
        aria-label="Period"
        className={classes.periods}
        data={periods.map(({ value: hours, label }) => ({ value: hours, label }))}
        value={period.value}
        onChange={(hours) => setPeriod(periods.find((one) => one.value === hours) ?? periods[0])}
      />
      <TimeBars label="Runs over time" noun="run" histogram={histogram.value} parts={runParts} />
      {value === undefined ? (
        <div className={classes.waiting} />
      ) : (
        <>
          <dl className={classes.facts}>
            <Fact name="Runs" href={listHref('')}>
              {formatCount(value.runs)}
            </Fact>
            <Fact name="Failed" href={listHref('is:failed')}>
              {ended === 0 ? '–' : `${formatCount(value.failed)} (${percentText(value.failed / ended)})`}
            </Fact>
            <Fact name="Canceled" href={listHref('is:canceled')}>
              {formatCount(value.canceled)}
            </Fact>
          </dl>
          <table className={classes.times}>
            <thead>
              <tr>
                <td />
                <th scope="col">Median</th>
                <th scope="col">p95</th>
                <th scope="col">p99</th>
              </tr>
            </thead>
            <tbody>
              <Times name="Duration" of={value.durationMs} />
              <Times name="Queue wait" of={value.waitMs} />
            </tbody>
          </table>
          {value.isCut && (
            <p className={classes.note}>
              Of the latest {formatCount(value.runs)} runs, since <Timestamp at={value.from} day />.
            </p>
          )}
        </>
      )}
    </div>
  );
}

function Fact({ name, href, children }: { name: string; href: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <a href={href}>{children}</a>
      </dd>
    </div>
  );
}

function Times({ name, of }: { name: string; of: { p50: number; p95: number; p99: number } | null }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {of === null ? (
        <td colSpan={3}>No runs</td>
      ) : (
        [of.p50, of.p95, of.p99].map((ms, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: always the same three columns
          <td key={index}>{formatDurationMs(ms)}</td>
        ))
      )}
    </tr>
  );
}

/** `0 %` only for none, and `100 %` only for all. */
function percentText(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  const percent = share * 100;
  return percent < 0.1 ? '< 0.1 %' : percent > 99.9 ? '> 99.9 %' : `${percent.toFixed(1)} %`;
}
