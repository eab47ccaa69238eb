import type { FailureDetail } from '../../../shared/contract/failures.ts';
import { call } from '../../client/index.ts';
import { countOf, TimeBars } from '../../domain/time/time-bars.tsx';
import { hrefOf, paths } from '../../model/app/paths.ts';
import { useHistogram } from '../../model/calls/use-histogram.ts';
import { reasonText } from '../../model/runs/run-why.ts';
import { CopyButton } from '../../ui/feedback/copy-button.tsx';
import { KeyValueTable } from '../../ui/tables/key-value-table.tsx';
import { formatCount } from '../../ui/text/format.ts';
import { TimeAgo } from '../../ui/text/time-ago.tsx';
import { Timestamp } from '../../ui/text/timestamp.tsx';
import classes from './failures.module.css';

const failed = [{ name: 'failed', tone: 'red' as const, of: countOf('failed') }];

/** How often, and when. */
export function FailureTimes({ failure }: { failure: FailureDetail }) {
  const query = `failure:${failure.id}`;
  const histogram = useHistogram(query, (cursor) => call('runs.histogram', { query, buckets: 60, cursor }), [
    'failures.changed',
  ]);
  return (
    <section>
      <dl className={classes.figures}>
        <Figure name="Failed runs">
          <a href={hrefOf(paths.runs(query))}>{formatCount(failure.count)}</a>
        </Figure>
        <Figure name="Unresolved">
          <a href={hrefOf(paths.runs(`${query} is:unresolved`))}>{formatCount(failure.unresolved)}</a>
        </Figure>
        <Figure name="First seen">
          <TimeAgo at={failure.firstSeenAt} />
        </Figure>
        <Figure name="Last seen">
          <a href={hrefOf(paths.run(failure.lastRunId))}>
            <TimeAgo at={failure.lastSeenAt} />
          </a>
        </Figure>
      </dl>
      <TimeBars
        label="Failed runs over time"
        noun="run"
        histogram={histogram.value}
        error={histogram.error}
        parts={failed}
      />
      {failure.stored < failure.count && failure.stored < 10_000 && (
        <p className={classes.dim}>{formatCount(failure.stored)} of its runs are still stored.</p>
      )}
    </section>
  );
}

function Figure({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function FailureFacts({ failure }: { failure: FailureDetail }) {
  const { job, listener, regressedAt } = failure;
  return (
    <section>
      <h3 className={classes.sectionTitle}>Details</h3>
      <KeyValueTable
        rows={[
          { key: 'Job', value: <a href={hrefOf(paths.job(job))}>{job}</a> },
          {
            key: 'Listener',
            value: listener === null ? 'Test runs' : <a href={hrefOf(paths.listener(listener))}>{listener}</a>,
          },
          { key: 'Reason', value: reasonText({ ...failure, state: 'failed' }) },
          { key: 'Assignee', value: failure.assignee ?? 'Unassigned' },
          ...(regressedAt === null
            ? []
            : [
                {
                  key: 'Regressions',
                  value: (
                    <>
                      {formatCount(failure.regressions)}, last <Timestamp at={regressedAt} day />
                    </>
                  ),
                },
              ]),
          {
            key: 'Failure',
            value: (
              <span className={classes.id}>
                {failure.id} <CopyButton text={failure.id} title="Copy failure ID" />
              </span>
            ),
          },
        ]}
      />
    </section>
  );
}

/** Which values the contexts of its runs have. */
export function FailureContexts({ contexts }: Pick<FailureDetail, 'contexts'>) {
  if (contexts.length === 0) return null;
  return (
    <section>
      <h3 className={classes.sectionTitle}>Affected context</h3>
      {contexts.map(({ path, distinct, values }) => (
        <div key={path} className={classes.context}>
          <span className={classes.path}>{path}</span>
          <ul className={classes.values}>
            {values.map(({ value, count }) => (
              <li key={value} className={classes.value} title={value}>
                <span>{value}</span>
                <span className={classes.dim}>{formatCount(count)}</span>
              </li>
            ))}
            {distinct > values.length && (
              <li className={classes.dim}>{formatCount(distinct - values.length)} other values</li>
            )}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** What was saved since it was first seen. */
export function FailureChanges({ failure }: { failure: FailureDetail }) {
  const { changes, listenerVersions, jobVersions } = failure;
  return (
    <section>
      <h3 className={classes.sectionTitle}>Changed since first seen</h3>
      {changes.length === 0 ? (
        <p className={classes.dim}>No changes to the listener or the job.</p>
      ) : (
        <ul className={classes.changes}>
          {changes.map(({ kind, slug, version, at, savedBy }) => (
            <li key={`${kind} ${version}`}>
              <span>
                <a href={hrefOf(kind === 'job' ? paths.job(slug) : paths.listener(slug))}>
                  {kind === 'job' ? 'Job' : 'Listener'} {slug}
                </a>{' '}
                version {version}
                {savedBy !== null && ` by ${savedBy}`}
                {isLast(kind === 'job' ? jobVersions.last : listenerVersions.last, version) && (
                  <span className={classes.dim}> · in force at the last failure</span>
                )}
              </span>
              <Timestamp at={at} day />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const isLast = (last: number | null, version: number): boolean => last === version;
