import { describe, expect, it } from 'vitest';
import { assignEvents } from '../../electron/intake/replay/assign-event.ts';
import { previewReplay } from '../../electron/intake/replay/preview-replay.ts';
import { replayEvents } from '../../electron/intake/replay/replay.ts';
import { explain } from '../../electron/listeners/explain.ts';
import {
  insertShadowMatch,
  keptShadowMatches,
  readShadowCount,
  readShadowMatches,
} from '../../electron/store/events/shadow-matches.ts';
import { createInlineReader } from '../../electron/store/read/inline-reader.ts';
import { removeEvents } from '../../electron/store/upkeep/retention.ts';
import { delivery, draft, listener, tempIntake, tempStore } from '../support/temp-store.ts';

const command = { kind: 'command' as const, command: ['true'] as [string] };

function open() {
  const store = tempStore();
  const parts = tempIntake(store);
  parts.jobs.replaceAll([{ spec: { slug: 'import', ...command }, baseDir: null, version: 1 }]);
  const shadow = listener({
    slug: 'large-orders',
    type: ['order.*'],
    where: { field: 'payload.amount', op: 'gt', value: 10 },
    job: 'import',
    mode: 'shadow',
  });
  parts.listeners.replaceAll([shadow]);
  const runs = (): unknown[] => store.db.prepare('SELECT listener, event_seq FROM runs').all();
  const send = (amount: number) => parts.intake.accept(delivery([draft({ type: 'order.paid', payload: { amount } })]));
  return { store, shadow, runs, send, ...parts };
}

describe('a listener in shadow mode', () => {
  it('records what it would have run, and starts nothing', async () => {
    const { store, runs, send, heard } = open();
    const accepted = [await send(11), await send(5), await send(12)];
    expect(runs()).toEqual([]);
    expect(heard.jobs).toEqual([]);
    expect(accepted.map(({ ignored }) => ignored)).toEqual([true, true, true]);
    expect(readShadowCount(store.db, 'large-orders', 1)?.matched).toBe(2);
    expect(readShadowMatches(store.db, 'large-orders', 1, 10).map(({ id }) => id)).toEqual([
      accepted[2]?.eventIds[0],
      accepted[0]?.eventIds[0],
    ]);
    expect(heard.listeners).toEqual(['large-orders', 'large-orders']);
  });

  it('leaves a listener beside it to its runs', async () => {
    const { store, runs, send, listeners, shadow } = open();
    listeners.replaceAll([shadow, listener({ slug: 'all-orders', type: ['order.*'], job: 'import' })]);
    const { ignored } = await send(11);
    expect(ignored).toBe(false);
    expect(runs()).toEqual([{ listener: 'all-orders', event_seq: 1 }]);
    expect(readShadowCount(store.db, 'large-orders', 1)?.matched).toBe(1);
  });

  it('starts runs once its mode is changed, from the next event on, and counts each version', async () => {
    const { store, runs, send, listeners, shadow } = open();
    await send(11);
    listeners.replaceAll([{ ...shadow, mode: 'notify', version: 2 }]);
    await send(12);
    expect(runs()).toEqual([{ listener: 'large-orders', event_seq: 2 }]);
    listeners.replaceAll([{ ...shadow, version: 3 }]);
    await send(13);
    expect(readShadowCount(store.db, 'large-orders', 1)?.matched).toBe(1);
    expect(readShadowCount(store.db, 'large-orders', 3)?.matched).toBe(1);
  });

  it('is told apart in the explanation', async () => {
    const { shadow } = open();
    const event = {
      type: 'order.paid',
      source: 'crm',
      system: 'generic',
      context: {},
      payload: { amount: 11 },
      headers: {},
    };
    const [verdict] = explain([{ ...shadow, name: 'Large orders' }], event, () => true);
    expect(verdict).toMatchObject({ matched: true, shadow: true });
    expect(verdict?.clauses.at(-1)).toMatchObject({ kind: 'mode', passed: true });
  });

  it('records replays too, and cannot be chosen to run', async () => {
    const { store, runs, send, replayDeps, jobs } = open();
    const id = (await send(11)).eventIds[0] ?? '';
    const [replayed] = await replayEvents(replayDeps, { ids: [id] });
    expect(readShadowMatches(store.db, 'large-orders', 1, 10)[0]?.id).toBe(replayed?.id);
    const chosen = { ids: [id], listeners: ['large-orders'] };
    await expect(replayEvents(replayDeps, chosen)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(assignEvents({ ...replayDeps, jobs }, { ids: [id], listener: 'large-orders' })).rejects.toMatchObject({
      code: 'wrong_state',
    });
    const preview = await previewReplay(
      { ...replayDeps, reader: createInlineReader(store.reading) },
      { query: 'type:order.paid' },
    );
    expect(preview).toMatchObject({ listeners: [], unmatched: 2 });
    expect(runs()).toEqual([]);
  });

  it('keeps the newest matches of a listener, and none of events that are gone', async () => {
    const { store, send } = open();
    await send(11);
    const many = keptShadowMatches + 250;
    await store.writer.write(({ db }) => {
      for (let eventSeq = 2; eventSeq <= many; eventSeq++) {
        insertShadowMatch(db, { listener: 'large-orders', version: 1, eventSeq, atMs: eventSeq });
      }
      // Twice the same changes nothing.
      insertShadowMatch(db, { listener: 'large-orders', version: 1, eventSeq: many, atMs: many });
    });
    expect(readShadowCount(store.db, 'large-orders', 1)?.matched).toBe(many);
    const seqs = store.db.prepare<{ low: number; n: number }>(
      'SELECT min(event_seq) AS low, count(*) AS n FROM shadow_matches',
    );
    const kept = seqs.get();
    expect(kept?.low).toBeGreaterThan(1);
    expect(kept?.n).toBeLessThan(keptShadowMatches + 100);
    await store.writer.write(({ db }) => removeEvents(db, [many]));
    expect(seqs.get()?.n).toBe((kept?.n ?? 0) - 1);
  });
});
