import { describe, expect, it } from 'vitest';
import { type GroupPiece, groupEvents, type RankedPiece, rankEvents } from '../../electron/store/lists/order-events.ts';
import { mergeGroups, mergeRanked } from '../../renderer/features/live/order/ranked-events.ts';
import { compareKeys, type SortKey } from '../../shared/columns/sort-key.ts';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { delivery, draft, tempIntake, tempStore } from '../support/temp-store.ts';

const nowMs = Date.parse('2026-01-02T04:00:00Z');

/** 1,000 events with amounts in no order; every tenth has none. */
async function filled() {
  const store = tempStore();
  const { intake } = tempIntake(store);
  const amount = (n: number): number => (n * 7919) % 1000;
  await intake.accept(
    delivery(
      Array.from({ length: 1000 }, (_, n) =>
        draft({
          type: n % 2 === 0 ? 'order.paid' : 'order.sent',
          payload: n % 10 === 0 ? { n } : { n, amount: amount(n) },
        }),
      ),
    ),
  );
  return { store, amount };
}

/** All pieces; a budget of no time makes one of each read. */
function piecesOf<P extends { nextCursor: string | null }>(read: (cursor: string | null) => P): P[] {
  const pieces: P[] = [];
  let cursor: string | null = null;
  do {
    const piece: P = read(cursor);
    pieces.push(piece);
    cursor = piece.nextCursor;
  } while (cursor !== null);
  return pieces;
}

describe('events in the order of a value', () => {
  it.each([true, false])('are the same in many pieces as in one (descending: %s)', async (descending) => {
    const { store } = await filled();
    const request = { by: 'payload.amount', descending, query: 'type:order.*', nowMs };
    const many = piecesOf<RankedPiece>((cursor) => rankEvents(store.reading, { ...request, cursor }, 0));
    const one = rankEvents(store.reading, request, 60_000);
    expect(many.length).toBeGreaterThan(3);
    const merged = many.map(({ items }) => items).reduce((a, b) => mergeRanked(a, b, descending));
    expect(merged.map(({ event }) => event.id)).toEqual(one.items.map(({ event }) => event.id));
    expect(many.reduce((sum, { events }) => sum + events, 0)).toBe(1000);
    const keys = one.items.map(({ key }) => Number(key));
    expect(keys).toHaveLength(500);
    expect(keys).toEqual(keys.toSorted((a, b) => (descending ? b - a : a - b)));
    expect(keys[0]).toBe(descending ? 999 : 1);
  });

  it('put events without the field last, in either direction', async () => {
    const { store } = await filled();
    for (const descending of [true, false]) {
      const { items } = rankEvents(
        store.reading,
        { by: 'payload.amount', descending, query: 'payload.n:<20', nowMs },
        60_000,
      );
      expect(items.map(({ key }) => key === undefined)).toEqual([...Array(18).fill(false), true, true]);
    }
  });
});

describe('groups', () => {
  it('count each value over all pieces', async () => {
    const { store } = await filled();
    const read = (by: string) =>
      piecesOf<GroupPiece>((cursor) => groupEvents(store.reading, { by, query: '', cursor, nowMs }, 0))
        .map(({ groups }) => groups)
        .reduce<ReturnType<typeof mergeGroups>>((a, b) => mergeGroups(a, b), []);
    expect(read('type').map(({ key, count }) => [key, count])).toEqual([
      ['order.paid', 500],
      ['order.sent', 500],
    ]);
    expect(read('payload.amount')[0]).toMatchObject({ count: 100 });
    expect(read('payload.amount')[0]?.key).toBeUndefined();
    expect(read('payload.amount')).toHaveLength(901);
  });

  it('hold one number however it was written', async () => {
    const store = tempStore();
    const { intake } = tempIntake(store);
    const payloads = ['{"v":1}', '{"v":1.0}', '{"v":1e400}', '{"v":"1"}'].map((text) => parseExact(text));
    await intake.accept(delivery(payloads.map((payload) => draft({ type: 'a', payload }))));
    const { groups } = groupEvents(store.reading, { by: 'payload.v', nowMs }, 60_000);
    expect(groups.map(({ key, count }) => [key, count])).toEqual([
      ['1', 1],
      [Number.MAX_VALUE, 1],
      [1, 2],
    ]);
  });
});

it('numbers come before texts, texts by their numbers, and what is missing last', () => {
  const keys: SortKey[] = [undefined, 'b10', null, 'b9', 3, true, -1];
  expect(keys.toSorted((a, b) => compareKeys(a, b, false))).toEqual([-1, 3, 'b9', 'b10', true, null, undefined]);
  expect(keys.toSorted((a, b) => compareKeys(a, b, true))).toEqual([null, true, 'b10', 'b9', 3, -1, undefined]);
});
