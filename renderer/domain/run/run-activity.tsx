import { useState } from 'react';
import { call } from '../../client/index.ts';
import { navigate } from '../../model/app/navigation.ts';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { statisticsDelayMs, useCall } from '../../model/calls/use-call.ts';
import { useHistogram } from '../../model/calls/use-histogram.ts';
import { Fact, FactList, Overview, OverviewNote, OverviewSection } from '../../ui/charts/fact-list.tsx';
import { ErrorState } from '../../ui/feedback/error-state.tsx';
import { formatCount, formatDurationMs, formatPercent } from '../../ui/text/format.ts';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import { type Period, PeriodPicker, periods, withDrawnTime } from '../time/period-picker.tsx';
import { TimeBars } from '../time/time-bars.tsx';
import classes from './run-activity.module.css';
import { runParts } from './run-parts.ts';

/** How the runs of a job went. */
export function RunActivity({ job }: { job: string }) {
  const [period, setPeriod] = useState<Period>(periods[0]);
  return (
    <Overview>
      <PeriodPicker period={period} onChange={setPeriod} />
      <RunStatistics job={job} period={period} />
    </Overview>
  );
}

/** How the runs of a job went, of all its listeners or of one. */
export function RunStatistics({ job, listener, period }: { job: string; listener?: string; period: Period }) {
  const ofRuns = `job:${job}${listener === undefined ? '' : ` listener:${listener}`}`;
  const query = `${ofRuns} after:${period.term}`;
  const input = { job, hours: period.hours, ...(listener === undefined ? {} : { listener }) };
  const { value, error, reload } = useCall('runs.statistics', input, {
    reloadOn: ['runs.changed'],
    keep: true,
    reloadDelayMs: statisticsDelayMs,
  });
  const histogram = useHistogram(query, (cursor) => call('runs.histogram', { query, buckets: 60, cursor }), [
    'runs.changed',
  ]);
  if (error !== null) return <ErrorState error={error} onRetry={reload} />;
  const ended = value === undefined ? 0 : value.completed + value.failed;
  const listHref = (more: string): string => hrefOf(paths.runs(`${query} ${more}`.trim()));
  return (
    <OverviewSection title="Runs">
      <TimeBars
        label="Runs over time"
        noun="run"
        histogram={histogram.value}
        error={histogram.error}
        parts={runParts}
        onSelect={(fromMs, toMs) => navigate(paths.runs(withDrawnTime(ofRuns, fromMs, toMs)))}
      />
      {value === undefined ? (
        <div className={classes.waiting} />
      ) : (
        <>
          <FactList>
            <Fact name="Runs" href={listHref('')}>
              {formatCount(value.runs)}
            </Fact>
            <Fact
              name="Failed"
              href={listHref('is:failed')}
              {...(value.failed > 0 ? { tone: 'red' as const } : {})}
              note={ended === 0 ? undefined : formatPercent(value.failed / ended)}
            >
              {formatCount(value.failed)}
            </Fact>
            <Fact name="Canceled" href={listHref('is:canceled')}>
              {formatCount(value.canceled)}
            </Fact>
          </FactList>
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
            <OverviewNote>
              Of the latest {formatCount(value.runs)} runs, since <Timestamp at={value.from} day />.
            </OverviewNote>
          )}
        </>
      )}
    </OverviewSection>
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
