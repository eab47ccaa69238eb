import type { Refusal } from '../../runs/announcements.ts';
import type { Alerts } from '../../upkeep/alerts.ts';

/** Refusals that say nothing against the delivery: there was too much of it, or of everything. */
const overloadCodes = new Set(['rate_limited', 'overloaded']);
/** A minute of this many failed verifications is no scanner that came by. */
const floodPerMinute = 300;
const minuteMs = 60_000;
/** How long nothing of the kind must have happened for the alert to go. */
const quietMs = 5 * minuteMs;
const lookEveryMs = 5000;
const namedSources = 3;

interface Tally {
  count: number;
  lastMs: number;
}

/** Failed verifications of one source in this minute and over the whole flood. */
interface Failures extends Tally {
  minute: number;
  inMinute: number;
  isFlood: boolean;
}

export interface RefusalAlerts {
  noteRefused(refusal: Pick<Refusal, 'source' | 'status' | 'code' | 'atMs'>): void;
  noteConnectionRefused(): void;
  stop(): void;
}

const printCount = (count: number): string => count.toLocaleString('en-US');

/** `1,204 to "github", 3 to "crm" and 5 to 2 others`. */
function listSources(tallies: [string, Tally][]): string {
  const sorted = tallies.sort(([, a], [, b]) => b.count - a.count);
  const named = sorted.slice(0, namedSources).map(([source, { count }]) => `${printCount(count)} to "${source}"`);
  const others = sorted.slice(namedSources);
  if (others.length > 0) {
    const count = others.reduce((sum, [, tally]) => sum + tally.count, 0);
    named.push(`${printCount(count)} to ${others.length} others`);
  }
  return named.length < 2 ? named.join('') : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
}

/**
 * Alerts about deliveries that were turned away, with source and count: many senders never repeat them, and a flood of
 * unverified ones looks like silence otherwise. They go when nothing of the kind has happened for five minutes.
 */
export function watchRefusals(alerts: Alerts, nowMs: () => number): RefusalAlerts {
  const overloaded = new Map<string, Tally>();
  const unverified = new Map<string, Failures>();
  const connections: Tally = { count: 0, lastMs: 0 };
  let isChanged = false;

  function countOverload(source: string, atMs: number): void {
    const tally = overloaded.get(source) ?? { count: 0, lastMs: 0 };
    overloaded.set(source, { count: tally.count + 1, lastMs: atMs });
    isChanged = true;
  }

  function countFailure(source: string, atMs: number): void {
    const minute = Math.floor(atMs / minuteMs);
    const known = unverified.get(source) ?? { count: 0, lastMs: 0, minute, inMinute: 0, isFlood: false };
    const inMinute = known.minute === minute ? known.inMinute + 1 : 1;
    const isFlood = known.isFlood || inMinute >= floodPerMinute;
    // What is below the bound keeps no flood alive.
    const lastMs = inMinute >= floodPerMinute ? atMs : known.lastMs;
    unverified.set(source, { count: isFlood ? known.count + 1 : inMinute, lastMs, minute, inMinute, isFlood });
    if (isFlood) isChanged = true;
  }

  function forget(): void {
    const oldestMs = nowMs() - quietMs;
    for (const [source, tally] of overloaded) {
      if (tally.lastMs < oldestMs && overloaded.delete(source)) isChanged = true;
    }
    for (const [source, failures] of unverified) {
      const isOver = failures.isFlood ? failures.lastMs < oldestMs : failures.minute < Math.floor(nowMs() / minuteMs);
      if (isOver && unverified.delete(source)) isChanged ||= failures.isFlood;
    }
    if (connections.count > 0 && connections.lastMs < oldestMs) {
      connections.count = 0;
      isChanged = true;
    }
  }

  function show(): void {
    forget();
    if (!isChanged) return;
    isChanged = false;
    if (overloaded.size === 0) alerts.clear('deliveries_refused');
    else {
      alerts.raise(
        'deliveries_refused',
        'error',
        `Deliveries refused by a rate limit or overload: ${listSources([...overloaded])}. Senders that do not retry ` +
          'lose them. Open the refused deliveries of the source; raise its rate limit or reduce the load on this machine.',
      );
    }
    if (connections.count === 0) alerts.clear('connections_refused');
    else {
      alerts.raise(
        'connections_refused',
        'error',
        `${printCount(connections.count)} connections to the receiver closed without a response: too many were open. ` +
          'Limit the connections per client at the proxy.',
      );
    }
    const floods = [...unverified].filter(([, { isFlood }]) => isFlood);
    if (floods.length === 0) alerts.clear('verification_failing');
    else {
      alerts.raise(
        'verification_failing',
        'warning',
        `Requests failed verification: ${listSources(floods)}. Verified deliveries are not affected. If your sender ` +
          'sends them, check that both sides use the same secret; otherwise block the address at the proxy.',
      );
    }
  }

  const timer = setInterval(show, lookEveryMs);
  timer.unref();

  return {
    noteRefused({ source, status, code, atMs }) {
      if (source === null) return;
      const isFirst = overloadCodes.has(code) && !overloaded.has(source);
      if (overloadCodes.has(code)) countOverload(source, atMs);
      else if (status === 401) countFailure(source, atMs);
      // The first is published immediately; counts, which change with each delivery, at intervals.
      if (isFirst) show();
    },
    noteConnectionRefused() {
      connections.count++;
      connections.lastMs = nowMs();
      isChanged = true;
    },
    stop: () => clearInterval(timer),
  };
}
