import type { Status } from '../../../shared/contract/app.ts';
import type { PushHub } from '../../console/push/push-hub.ts';
import type { Bus } from '../../runs/announcements.ts';
import type { Changes } from '../changes.ts';
import type { ActivityCounters } from './activity-counters.ts';

const everyMs = 2000;
/** A status that has not changed is published again after this time, for clients that connected between two changes. */
const repeatAfterMs = 20_000;

/** Publishes every two seconds, while a client is connected: the status, and the lists whose counters have changed. */
export function startStatusPublisher(deps: {
  hub: PushHub;
  status: () => Status;
  activity: ActivityCounters;
  bus: Bus;
  changes: Changes;
}): { stop(): void } {
  const { hub, activity, bus, changes } = deps;
  let hadRuns = false;
  let published = { text: '', atMs: Number.NEGATIVE_INFINITY };

  function publishStatus(): void {
    if (!hub.hasClients('app.statusChanged')) return;
    const status = deps.status();
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
    if (changed.sources) changes.emit('definitions', 'sources');
    if (changed.listeners) changes.emit('definitions', 'listeners');
    if (hadRuns) changes.emit('definitions', 'jobs');
    hadRuns = false;
  }

  changes.on('status', publishStatus);
  bus.on('runs.changed', () => {
    hadRuns = true;
  });
  const timer = setInterval(round, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
