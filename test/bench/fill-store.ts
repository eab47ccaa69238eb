import { newId } from '../../electron/store/database/ids.ts';
import { openWritable } from '../../electron/store/database/open.ts';
import { insertDelivery } from '../../electron/store/events/deliveries.ts';
import { internEventType } from '../../electron/store/events/event-types.ts';
import { insertEvent } from '../../electron/store/events/events.ts';
import { insertRun } from '../../electron/store/runs/insert-run.ts';
import { createRandom } from './numbers.ts';

const surnames = ['Ada', 'Bao', 'Chidi', 'Dora', 'Emeka', 'Farah', 'Goran', 'Hana', 'Ivo', 'Jun', 'Kofi', 'Lena'];
const words = 'harbour ledger signal invoice train bridge winter copper meadow lantern quartz river'.split(' ');

/** About 1 KB of JSON, as webhooks of orders and users go. */
export const samplePayload = (i: number, random: (below: number) => number): string =>
  JSON.stringify(sampleDocument(i, random));

export function sampleDocument(i: number, random: (below: number) => number): Record<string, unknown> {
  return {
    id: `ord_${i}`,
    amount: random(100_000) / 100,
    currency: 'EUR',
    status: ['open', 'paid', 'shipped', 'returned'][random(4)],
    customer: {
      id: `cus_${random(50_000)}`,
      name: surnames[random(surnames.length)],
      country: ['DE', 'FR', 'JP'][random(3)],
    },
    items: Array.from({ length: 6 }, () => ({
      sku: `sku-${random(10_000)}`,
      title: `${words[random(12)]} ${words[random(12)]} ${words[random(12)]}`,
      quantity: 1 + random(5),
      price: random(10_000) / 100,
    })),
    note: `${words[random(12)]} ${words[random(12)]} batch${Math.floor(i / 1000)}`,
  };
}

export interface FillOptions {
  databaseFile: string;
  events: number;
  types: number;
  nowMs: number;
}

/** Fills a store with events, their deliveries and a run for every tenth, as the intake would have written them. */
export function fillStore(options: FillOptions): void {
  const db = openWritable(options.databaseFile);
  const random = createRandom(7);
  // A store under construction may be lost with the power; the measured one is opened again with FULL.
  db.pragma('synchronous = OFF');
  const headers = JSON.stringify([
    ['content-type', 'application/json'],
    ['user-agent', 'sender/1.0'],
  ]);
  const verification = JSON.stringify({ state: 'none', scheme: null, detail: null });
  const stepMs = 100;
  for (let at = 0; at < options.events; at += 5000) {
    db.exec('BEGIN');
    for (let i = at; i < Math.min(at + 5000, options.events); i++) {
      const receivedAtMs = options.nowMs - (options.events - i) * stepMs;
      const source = i % 4 === 0 ? 'shop' : 'crm';
      const type = `${source}.entity${random(options.types)}.changed`;
      const payload = samplePayload(i, random);
      const eventId = newId('evt', receivedAtMs);
      const deliverySeq = insertDelivery(db, {
        id: newId('dlv', receivedAtMs),
        source,
        receivedAtMs,
        method: 'POST',
        url: `/in/${source}`,
        remoteAddress: '127.0.0.1',
        contentType: 'application/json',
        headers,
        // As the intake stores a body that is its event's payload.
        body: Buffer.alloc(0),
        bodyBytes: payload.length,
        result: 'accepted',
        status: 202,
        reasonCode: null,
        reasonMessage: null,
        eventIds: JSON.stringify([eventId]),
        notes: null,
      });
      const eventSeq = insertEvent(db, {
        id: eventId,
        typeId: internEventType(db, source, 'generic', type),
        externalId: `ord_${i}`,
        occurredAtMs: null,
        receivedAtMs,
        context: JSON.stringify({ spaceId: `us_sp_${random(2000)}`, region: words[random(12)] }),
        payload,
        verification,
        deliverySeq,
        replayOf: null,
        causedByRun: null,
        depth: 0,
        ignored: i % 10 !== 0,
        chainStopped: false,
      });
      if (i % 10 === 0) {
        insertRun(db, {
          id: newId('run', receivedAtMs),
          eventSeq,
          listener: 'bench',
          listenerVersion: 1,
          job: 'bench',
          retryNo: 0,
          retryOf: null,
          state: 'queued',
          reason: null,
          error: null,
          attempts: 1,
          mode: 'foreground',
          needsApproval: false,
          expiresAtMs: null,
          queuedAtMs: receivedAtMs,
          acknowledge: 'none',
          inbox: false,
          depth: 0,
        });
      }
    }
    db.exec('COMMIT');
  }
  db.exec("UPDATE runs SET state = CASE seq % 50 WHEN 0 THEN 'failed' ELSE 'completed' END, finished_at = queued_at");
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
}
