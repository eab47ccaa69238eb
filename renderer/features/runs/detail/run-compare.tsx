import type { Json } from '../../../../shared/contract/common.ts';
import type { EventDetail } from '../../../../shared/contract/events.ts';
import type { RunDetail } from '../../../../shared/contract/runs.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { StateBadge } from '../../../domain/run/state-badge.tsx';
import { hrefOf, paths } from '../../../model/app/paths.ts';
import { isFinished } from '../../../model/runs/runs-filter.ts';
import { DiffView } from '../../../ui/code/diff-view.tsx';
import { Timestamp } from '../../../ui/text/timestamp.tsx';
import type { OriginalRun } from '../model/original-run.ts';
import classes from '../runs.module.css';

const isSame = (a: unknown, b: unknown): boolean => stringifyExact(a) === stringifyExact(b);

const jsonText = (value: Json): string => (typeof value === 'string' ? value : stringifyExact(value, 2));

/** The outcome beside that of the run this one repeats; of a replay the payload too. */
export function RunCompare({
  run,
  event,
  original,
}: {
  run: RunDetail;
  event: EventDetail | undefined;
  original: OriginalRun;
}) {
  const before = original.event;
  return (
    <div className={classes.sheet}>
      <div className={classes.compareHead}>
        <span>
          <StateBadge state={original.run.state} reason={original.run.reason} />{' '}
          <a href={hrefOf(paths.run(original.run.id))}>
            {original.kind === 'retry' ? 'The run it retries' : 'The run of the original event'}
          </a>{' '}
          <span className={classes.dim}>
            <Timestamp at={original.run.queuedAt} />
          </span>
        </span>
        <span>
          <StateBadge state={run.state} reason={run.reason} /> This run{' '}
          <span className={classes.dim}>
            <Timestamp at={run.queuedAt} />
          </span>
        </span>
      </div>
      <section>
        <h3 className={classes.sectionTitle}>Outcome</h3>
        {!isFinished(run.state) ? (
          <p className={classes.quiet}>This run has not ended yet.</p>
        ) : isSame(original.run.outcome, run.outcome) ? (
          <p className={classes.quiet}>
            {run.outcome === null ? 'No outcomes to compare.' : 'Both have the same outcome.'}
          </p>
        ) : (
          <DiffView
            before={jsonText(original.run.outcome)}
            after={jsonText(run.outcome)}
            label="Outcome, before and now"
          />
        )}
      </section>
      {original.run.error !== run.error && (
        <section>
          <h3 className={classes.sectionTitle}>Error</h3>
          <div className={classes.pair}>
            <p>{original.run.error ?? 'None'}</p>
            <p>{run.error ?? 'None'}</p>
          </div>
        </section>
      )}
      {before !== null && event !== undefined && (
        <section>
          <h3 className={classes.sectionTitle}>Payload</h3>
          {isSame(before.payload, event.payload) ? (
            <p className={classes.quiet}>The payload is the same.</p>
          ) : (
            <DiffView
              before={jsonText(before.payload)}
              after={jsonText(event.payload)}
              label="Payload, before and now"
            />
          )}
        </section>
      )}
    </div>
  );
}
