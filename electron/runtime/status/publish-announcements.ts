import type { Run } from '../../../shared/contract/runs.ts';
import type { PushHub } from '../../console/push/push-hub.ts';
import type { Bus } from '../../runs/announcements.ts';
import type { Indexer } from '../../store/search/indexer.ts';
import type { ActivityCounters } from './activity-counters.ts';
import type { EventCounts } from './event-counts.ts';
import type { Metrics } from './metrics.ts';
import type { RefusalAlerts } from './refusal-alerts.ts';

export interface AnnouncementDeps {
  bus: Bus;
  hub: PushHub;
  counts: EventCounts;
  indexer: Pick<Indexer, 'wake'>;
  activity: ActivityCounters;
  refusalAlerts: RefusalAlerts;
  metrics: Metrics;
  /** Called with runs that need attention. */
  attention: ReadonlySet<(runs: Run[]) => void>;
}

/** Passes on what was stored and what runs do: to counters, the full-text index, alerts, metrics and clients. */
export function publishAnnouncements(deps: AnnouncementDeps): void {
  const { bus, hub, counts, indexer, activity, refusalAlerts, metrics, attention } = deps;
  bus.on('events.stored', (seqs) => {
    counts.added(seqs);
    indexer.wake(counts.newestSeq());
  });
  bus.on('listener.matched', activity.noteMatched);
  bus.on('delivery.accepted', activity.noteAccepted);
  bus.on('delivery.refused', ({ source, code, message, atMs }) => {
    if (source !== null) activity.noteRefused(source, code, message, atMs);
  });
  bus.on('delivery.refused', refusalAlerts.noteRefused);
  bus.on('runs.changed', (runs) => {
    hub.publish('runs.changed', runs);
    const waiting = runs.filter((run) => run.needsAttention !== null);
    if (waiting.length > 0) for (const notify of attention) notify(waiting);
  });
  bus.on('failures.changed', (failures) => hub.publish('failures.changed', [...failures]));
  bus.on('run.ended', (job, state) => metrics.runEnded(job, state));
  bus.on('run.progressed', (id, progress, steps) => hub.publish('runs.progressed', [{ id, progress, steps }]));
  bus.on('run.wrote', (runId, attempt, lines) =>
    hub.publish(
      'runs.wrote',
      lines.map((line) => ({ ...line, runId, attempt })),
    ),
  );
}
