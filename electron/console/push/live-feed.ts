import type { Bus } from '../../runs/announcements.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { storageFault } from '../../store/database/storage-errors.ts';
import { getDeliveryBySeq } from '../../store/events/deliveries.ts';
import { readEventRows, toEventItem } from '../../store/events/events.ts';
import { readEventRuns } from '../../store/runs/event-runs.ts';
import type { PushHub } from './push-hub.ts';

/** Rows of one push; see shared/contract/pushes.ts. */
const maxRows = 500;
const gatherMs = 100;
/** The live view shows a line of an event; a larger payload is fetched when it is opened. */
const pushedPayloadChars = 4096;

/**
 * Tells clients of what was committed. Seqs are gathered for a tenth of a second and read back once, and nothing is
 * read while no client is connected: under load this costs the main thread a page of rows ten times a second, whatever the rate.
 */
export function createLiveFeed(db: ReadableDb, hub: PushHub, bus: Bus): { stop(): void } {
  let events: number[] = [];
  let deliveries: number[] = [];
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    timer = null;
    try {
      publish();
    } catch (error) {
      if (storageFault(error) === null) throw error;
      // Clients see the gap, and fetch what they missed when the store works again.
      hub.skip();
    }
  }

  function publish(): void {
    const eventSeqs = events;
    const deliverySeqs = deliveries;
    events = [];
    deliveries = [];
    publishEvents(eventSeqs);
    // A row over the hub's own limit makes it say that some were dropped, so that clients fetch the list again.
    for (const seq of deliverySeqs.slice(-maxRows - 1)) {
      const delivery = getDeliveryBySeq(db, seq);
      if (delivery !== null) hub.publish('deliveries.added', [delivery]);
    }
  }

  function publishEvents(seqs: number[]): void {
    if (seqs.length === 0) return;
    const newest = seqs.slice(-maxRows - 1);
    const rows = readEventRows(db, newest);
    const runs = readEventRuns(db, newest);
    hub.publish(
      'events.added',
      rows.reverse().map((row) => toEventItem(row, runs.get(row.seq) ?? [], pushedPayloadChars)),
    );
  }

  bus.on('events.stored', (seqs) => {
    if (!hub.hasClients('events.added')) return;
    events.push(...seqs);
    timer ??= setTimeout(flush, gatherMs);
  });
  bus.on('delivery.stored', (seq) => {
    if (!hub.hasClients('deliveries.added')) return;
    deliveries.push(seq);
    timer ??= setTimeout(flush, gatherMs);
  });

  return {
    stop() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
