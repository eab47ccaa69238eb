import type { RunRanking } from '../../../shared/contract/insights.ts';
import type { Period } from '../../domain/time/period-picker.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import type { CallState } from '../../model/calls/use-call.ts';
import { useCatalog } from '../../model/definitions/catalog.ts';
import { OverviewNote } from '../../ui/charts/fact-list.tsx';
import { formatCount, formatDurationMs } from '../../ui/text/format.ts';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import { Card, Loaded } from './card.tsx';
import classes from './insights.module.css';

const mostShown = 6;

/** Which jobs take longest. */
export function SlowCard({ period, ranking }: { period: Period; ranking: CallState<RunRanking> }) {
  const jobs = useCatalog((state) => state.jobs);
  const time = (ms: number | undefined): string => (ms === undefined ? '–' : formatDurationMs(ms));
  return (
    <Card title="Slowest jobs" note="by p95 of duration">
      <Loaded of={ranking}>
        {({ slow, isCut, runs, from }) =>
          slow.length === 0 ? (
            <OverviewNote>No runs in this period.</OverviewNote>
          ) : (
            <>
              <table className={classes.jobs}>
                <thead>
                  <tr>
                    <th scope="col">Job</th>
                    <th scope="col">Runs</th>
                    <th scope="col">Median</th>
                    <th scope="col">p95</th>
                    <th scope="col">Wait p95</th>
                  </tr>
                </thead>
                <tbody>
                  {slow.slice(0, mostShown).map(({ job, runs: count, durationMs, waitMs }) => (
                    <tr key={job}>
                      <th scope="row">
                        <a href={hrefOf(paths.runs(`job:${job} after:${period.term}`))}>
                          {jobs.find(({ slug }) => slug === job)?.name ?? job}
                        </a>
                      </th>
                      <td>{formatCount(count)}</td>
                      <td>{time(durationMs?.p50)}</td>
                      <td>{time(durationMs?.p95)}</td>
                      <td>{time(waitMs?.p95)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {isCut && (
                <OverviewNote>
                  Of the latest {formatCount(runs)} runs, since <Timestamp at={from} day />.
                </OverviewNote>
              )}
            </>
          )
        }
      </Loaded>
    </Card>
  );
}
