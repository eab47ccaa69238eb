import type { Status } from '../../../shared/contract/app.ts';
import type { PushHub } from '../../console/push-hub.ts';
import type { DefinitionKind } from '../../definitions/definition-types.ts';
import type { ActivityCounters } from './activity-counters.ts';

const everyMs = 2000;
/** A status that has not changed is published again after this time, for clients that connected between two changes. */
const repeatAfterMs = 20_000;

export interface StatusPublisher {
  /** Something that the status line shows has changed: publish it. */
  changed(): void;
  /** Runs were added, removed or changed: the counts of the jobs are published with the next round. */
  runsChanged(): void;
  stop(): void;
}

/** Publishes every two seconds, while a client is connected: the status, and the lists whose counters have changed. */
export function startStatusPublisher(parts: {
  hub: PushHub;
  status: () => Status;
  activity: ActivityCounters;
  publishDefinitions: (kind: DefinitionKind) => void;
}): StatusPublisher {
  const { hub, activity, publishDefinitions } = parts;
  let hadRuns = false;
  let published = { text: '', atMs: Number.NEGATIVE_INFINITY };

  function publishStatus(): void {
    if (!hub.hasClients('app.statusChanged')) return;
    const status = parts.status();
    const text = JSON.stringify(status);
    const atMs = performance.now();
    // A client that receives nothing renders nothing.
    if (text === published.text && atMs - published.atMs < repeatAfterMs) return;
    published = { text, atMs };
    hub.publish('app.statusChanged', status);
  }

  function round(): void {
    if (!hub.hasClients()) return;
    publishStatus();
    const changed = activity.takeChanged();
    if (changed.sources) publishDefinitions('sources');
    if (changed.listeners) publishDefinitions('listeners');
    if (hadRuns) publishDefinitions('jobs');
    hadRuns = false;
  }

  const timer = setInterval(round, everyMs);
  timer.unref();
  return {
    changed: publishStatus,
    runsChanged: () => {
      hadRuns = true;
    },
    stop: () => clearInterval(timer),
  };
}
