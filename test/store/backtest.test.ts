import { describe, expect, it } from 'vitest';
import { type BacktestPiece, type BacktestRequest, backtest } from '../../electron/store/lists/backtest.ts';
import type { TestedListener } from '../../shared/conditions/evaluate/listener-test.ts';
import { MATCH_ALL } from '../../shared/conditions/tree.ts';
import { delivery, draft, listener, type TempStore, tempIntake, tempStore } from '../support/temp-store.ts';

const nowMs = Date.parse('2026-01-02T04:00:00Z');
const minuteMs = 60_000;

interface Sent {
  source: string;
  type: string;
  amount: number;
  atMs: number;
}

/** One event a minute. */
async function filledStore(count: number, types: number): Promise<TempStore & { sent: Sent[] }> {
  const store = tempStore();
  const { intake } = tempIntake(store);
  const sent: Sent[] = [];
  for (let i = 0; i < count; i++) {
    const source = i % 4 === 0 ? 'shop' : 'crm';
    const event = { source, type: `order.kind${i % types}`, amount: i, atMs: nowMs - (count - i) * minuteMs };
    sent.push(event);
  }
  await Promise.all(
    sent.map((event) =>
      intake.accept(delivery([draft({ type: event.type, payload: { amount: event.amount } })], event)),
    ),
  );
  return { ...store, sent };
}

const tested = (parts: { source?: string; type?: string[]; where?: unknown }): TestedListener => {
  const { source, type, where } = listener({ slug: 'draft', job: 'import', ...parts });
  return { source, type, where };
};

/** All pieces, each as short as can be, put together. */
function whole(store: TempStore, request: Omit<BacktestRequest, 'nowMs'>) {
  const pieces: BacktestPiece[] = [];
  let cursor: string | null = null;
  do {
    const piece: BacktestPiece = backtest(store.reading, { ...request, cursor, nowMs }, 0);
    pieces.push(piece);
    cursor = piece.cursor;
  } while (cursor !== null);
  const sum = (key: 'tested' | 'matched' | 'added' | 'lost' | 'unreadable') =>
    pieces.reduce((total, piece) => total + piece[key], 0);
  return {
    pieces,
    counts: { tested: sum('tested'), matched: sum('matched'), added: sum('added'), lost: sum('lost') },
    unreadable: sum('unreadable'),
    samples: pieces.map(({ samples }) => samples),
  };
}

describe('a draft over stored events', () => {
  it('counts what it matches, newly matches and loses, piece by piece', async () => {
    const store = await filledStore(900, 3);
    const request = {
      draft: tested({ where: { field: 'payload.amount', op: 'gte', value: 800 } }),
      saved: tested({ source: 'crm', where: { field: 'payload.amount', op: 'lt', value: 850 } }),
      afterMs: null,
    };
    const isNow = ({ amount }: Sent): boolean => amount >= 800;
    const wasMatched = ({ source, amount }: Sent): boolean => source === 'crm' && amount < 850;
    const result = whole(store, request);
    expect(result.pieces.length).toBeGreaterThan(2);
    expect(result.counts).toEqual({
      tested: 900,
      matched: store.sent.filter(isNow).length,
      added: store.sent.filter((event) => isNow(event) && !wasMatched(event)).length,
      lost: store.sent.filter((event) => !isNow(event) && wasMatched(event)).length,
    });
    // The newest of each kind come first.
    const newest = [...store.sent].reverse().filter((event) => isNow(event) && wasMatched(event));
    expect(result.samples[0]?.kept.map(({ receivedAt }) => Date.parse(receivedAt))).toEqual(
      newest.slice(0, 5).map(({ atMs }) => atMs),
    );
    const progress = result.pieces.map((piece) => piece.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
    expect(Date.parse(result.pieces.at(-1)?.scannedTo ?? '')).toBe(store.sent[0]?.atMs);
  });

  it('looks only at the window', async () => {
    const store = await filledStore(300, 2);
    const afterMs = nowMs - 100 * minuteMs;
    const { counts } = whole(store, { draft: tested({}), saved: null, afterMs });
    const inWindow = store.sent.filter(({ atMs }) => atMs >= afterMs).length;
    expect(counts).toEqual({ tested: inWindow, matched: inWindow, added: inWindow, lost: 0 });
  });

  it.each([3, 100])('reads only events of types that it can match, of %i types', async (types) => {
    const store = await filledStore(400, types);
    const few = tested({ source: 'shop', type: ['order.kind1', 'order.kind2'] });
    const gated = tested({ where: { field: 'type', op: 'in', value: ['order.kind1', 'order.kind2'] } });
    const many = tested({ type: ['order.kind?', 'order.kind??'], where: { field: 'payload.amount', op: 'exists' } });
    for (const [one, fits] of [
      [few, ({ source, type }: Sent) => source === 'shop' && /kind[12]$/.test(type)],
      [gated, ({ type }: Sent) => /kind[12]$/.test(type)],
      [many, () => true],
    ] as const) {
      const expected = store.sent.filter(fits).length;
      const { counts } = whole(store, { draft: one, saved: null, afterMs: null });
      expect(counts).toEqual({ tested: expected, matched: expected, added: expected, lost: 0 });
    }
  });

  it('sees headers, and says how many events are damaged', async () => {
    const store = await filledStore(40, 1);
    await store.writer.write(({ db }) => {
      db.exec("UPDATE events SET payload = '{' WHERE seq % 10 = 0");
      db.exec("UPDATE deliveries SET headers = 'x' WHERE seq % 20 = 1");
    });
    const where = {
      all: [
        { field: 'payload.amount', op: 'exists' },
        { field: 'headers.x-many', op: 'eq', value: 'one, two' },
      ],
    };
    const result = whole(store, { draft: tested({ where }), saved: null, afterMs: null });
    expect(result.counts).toMatchObject({ tested: 40, matched: 34 });
    expect(result.unreadable).toBe(6);
  });

  it('starts no work in an empty store', () => {
    const store = tempStore();
    const { pieces } = whole(store, {
      draft: { source: null, type: [], where: MATCH_ALL },
      saved: null,
      afterMs: null,
    });
    expect(pieces).toEqual([
      {
        tested: 0,
        matched: 0,
        added: 0,
        lost: 0,
        unreadable: 0,
        samples: { kept: [], added: [], lost: [] },
        progress: 1,
        scannedTo: null,
        cursor: null,
      },
    ]);
  });
});
