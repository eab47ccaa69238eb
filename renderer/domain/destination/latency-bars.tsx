import type { Destination } from '../../../shared/contract/destinations.ts';
import classes from './destination-view.module.css';

type Sent = Destination['sent'];

const timedOf = (sent: Sent): Sent => sent.filter((one) => one.totalMs !== null).reverse();

function Bars({ timed, longestMs }: { timed: Sent; longestMs: number }) {
  return timed.map((one) => (
    <span
      key={`${one.runId}-${one.at}`}
      data-failed={one.error !== null}
      style={{ height: `${Math.max(4, ((one.totalMs ?? 0) / longestMs) * 100)}%` }}
      title={`${one.status ?? ''} ${one.totalMs} ms`}
    />
  ));
}

const longestOf = (timed: Sent): number => Math.max(...timed.map((one) => one.totalMs ?? 0), 1);

/** How long the latest requests took, oldest left: a bar a request. */
export function LatencyChart({ sent }: { sent: Sent }) {
  const timed = timedOf(sent);
  if (timed.length === 0) return null;
  const longestMs = longestOf(timed);
  return (
    <figure className={classes.latency}>
      <figcaption>
        Duration of the last {timed.length} requests, up to {longestMs} ms
      </figcaption>
      <div className={classes.bars} aria-hidden>
        <Bars timed={timed} longestMs={longestMs} />
      </div>
    </figure>
  );
}

/** The same in the row of a list. */
export function LatencySpark({ sent }: { sent: Sent }) {
  const timed = timedOf(sent);
  if (timed.length === 0) return null;
  const longestMs = longestOf(timed);
  return (
    <span className={classes.spark} role="img" aria-label={`Last ${timed.length} requests, up to ${longestMs} ms`}>
      <Bars timed={timed} longestMs={longestMs} />
    </span>
  );
}
