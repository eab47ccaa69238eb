import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beginFirstPage,
  failList,
  indexOfKey,
  initialList,
  loseHead,
  mergeNewestFirst,
  type PagedListState,
  pauseList,
  receiveFirstPage,
  receiveOlderPage,
  receivePushed,
  removeRows,
  resumeList,
  updateRow,
} from '../../../../renderer/model/calls/paged-list-state.ts';
import { AppError } from '../../../../shared/contract/errors.ts';

interface Row {
  id: string;
  state: string;
}
type State = PagedListState<Row, object>;

const key = (n: number): string => String(n).padStart(6, '0');
const row = (n: number, state = 'new'): Row => ({ id: key(n), state });
/** Newest first, `from` down to `to`. */
const rows = (from: number, to: number): Row[] =>
  Array.from({ length: from - to + 1 }, (_, index) => row(from - index));
const ids = (state: State): number[] => state.items.map((item) => Number(item.id));
const shape = { keyOf: (item: Row) => item.id, maxRows: 10 };
const all = () => 'yes' as const;

const start = (items: Row[], nextCursor: string | null = null): State =>
  receiveFirstPage(
    beginFirstPage(initialList<Row, object>('', {}), { keepItems: false }),
    { items, nextCursor },
    shape,
  );

describe('the head', () => {
  test('takes pushed rows on top, in order, each once', () => {
    const { state } = receivePushed(start(rows(3, 1)), [row(4), row(6), row(5), row(2, 'done')], all, shape);
    expect(ids(state)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(state.items.find((item) => item.id === key(2))?.state).toBe('done');
  });

  test('leaves out what does not belong, takes out what belongs no more, asks when only the app can tell', () => {
    const verdict = (item: Row) => (item.state === 'out' ? 'no' : item.state === 'large' ? 'unknown' : 'yes');
    const pushed = receivePushed(start(rows(3, 1)), [row(4, 'out'), row(5, 'large'), row(2, 'out')], verdict, shape);
    expect(ids(pushed.state)).toEqual([3, 1]);
    expect(pushed.needsHead).toBe(true);
  });

  test('keeps a changed row that is older than what is loaded for its own page', () => {
    const { state } = receivePushed(start(rows(9, 5), 'c'), [row(2, 'changed')], all, shape);
    expect(ids(state)).toEqual([9, 8, 7, 6, 5]);
  });

  test('keeps rows that were pushed while the first page was under way', () => {
    const loading = beginFirstPage(initialList<Row, object>('', {}), { keepItems: false });
    const { state } = receivePushed(loading, [row(9)], all, shape);
    expect(ids(receiveFirstPage(state, { items: rows(8, 6), nextCursor: null }, shape))).toEqual([9, 8, 7, 6]);
  });
});

describe('pausing', () => {
  test('holds and counts new rows, still changes those on show, and shows them on resuming', () => {
    const paused = pauseList(start(rows(3, 1)));
    const { state } = receivePushed(paused, [row(4), row(5), row(1, 'done')], all, shape);
    expect(ids(state)).toEqual([3, 2, 1]);
    expect(state.unseen).toBe(2);
    expect(state.items.at(-1)?.state).toBe('done');
    const again = receivePushed(state, [row(4, 'done')], all, shape).state;
    expect(again.unseen).toBe(2);
    const resumed = resumeList(again, shape);
    expect(ids(resumed)).toEqual([5, 4, 3, 2, 1]);
    expect(resumed.items[1]?.state).toBe('done');
    expect([resumed.unseen, resumed.held.length]).toEqual([0, 0]);
  });

  test('a flood beyond the bound is counted, let go and left to a fetch', () => {
    const { state } = receivePushed(pauseList(start(rows(3, 1))), rows(30, 4), all, shape);
    expect([state.unseen, state.held.length, state.headTrimmed]).toEqual([27, 0, true]);
    expect(ids(state)).toEqual([3, 2, 1]);
    expect(resumeList(state, shape).headTrimmed).toBe(true);
  });
});

describe('the bound', () => {
  test('lets whole pages go at the old end, with the cursor to fetch them again', () => {
    const two = receiveOlderPage(
      start(rows(20, 15), 'after 15'),
      { items: rows(14, 11), nextCursor: 'after 11' },
      shape,
    );
    const { state } = receivePushed(two, [row(21)], all, shape);
    expect(ids(state)).toEqual([21, 20, 19, 18, 17, 16, 15]);
    expect(state.nextCursor).toBe('after 15');
  });

  test('lets the newest rows go when the reader goes far back, and counts what comes meanwhile', () => {
    const deep = receiveOlderPage(start(rows(20, 12), 'a'), { items: rows(11, 6), nextCursor: 'b' }, shape);
    expect(ids(deep)).toEqual([15, 14, 13, 12, 11, 10, 9, 8, 7, 6]);
    expect(deep.headTrimmed).toBe(true);
    const { state } = receivePushed(deep, [row(21), row(22)], all, shape);
    expect([ids(state)[0], state.unseen]).toEqual([15, 2]);
    expect(receivePushed(state, [row(21, 'done'), row(23)], all, shape).state.unseen).toBe(3);
  });

  test('is never passed, and rows stay sorted and single, whatever is pushed', () => {
    const pushes = fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 15 }), { maxLength: 12 });
    fc.assert(
      fc.property(pushes, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (batches, pauses) => {
        let state = start(rows(20, 16), 'c');
        for (const [index, batch] of batches.entries()) {
          state = pauses[index] === true ? pauseList(state) : resumeList(state, shape);
          state = receivePushed(
            state,
            batch.map((n) => row(n)),
            all,
            shape,
          ).state;
          const shown = ids(state);
          expect(shown.length).toBeLessThanOrEqual(shape.maxRows);
          expect(shown).toEqual([...new Set(shown)].sort((a, b) => b - a));
        }
      }),
    );
  });
});

describe('a reload', () => {
  test('keeps older pages that the new first page reaches down to', () => {
    const two = receiveOlderPage(start(rows(9, 7), 'a'), { items: rows(6, 4), nextCursor: 'b' }, shape);
    const again = beginFirstPage(two, { keepItems: true });
    expect(again.phase).toBe('ready');
    const state = receiveFirstPage(again, { items: rows(11, 8), nextCursor: 'x' }, shape);
    expect(ids(state)).toEqual([11, 10, 9, 8, 7, 6, 5, 4]);
    expect(state.nextCursor).toBe('b');
  });

  test('starts over when there is a hole between the new page and the old rows', () => {
    const again = beginFirstPage(start(rows(9, 7), 'a'), { keepItems: true });
    const state = receiveFirstPage(again, { items: rows(30, 28), nextCursor: 'x' }, shape);
    expect(ids(state)).toEqual([30, 29, 28]);
    expect(state.nextCursor).toBe('x');
  });

  test('that fails leaves the rows on show; a first load that fails is an error', () => {
    const error = new AppError('unavailable', 'gone');
    expect(failList(start(rows(3, 1)), error)).toMatchObject({ phase: 'ready', error });
    expect(failList(initialList<Row, object>('', {}), error).phase).toBe('error');
  });
});

test('pushes lost while paused leave the rows, and the count, to a fetch on the way back', () => {
  const { state } = receivePushed(pauseList(start(rows(3, 1))), [row(4)], all, shape);
  const lost = loseHead(state, shape);
  expect([ids(lost), lost.unseen, lost.headTrimmed]).toEqual([[3, 2, 1], 1, true]);
  expect(receivePushed(lost, [row(4, 'done'), row(5)], all, shape).state.unseen).toBe(2);
});

test('an empty page with a cursor goes on searching', () => {
  const state = receiveFirstPage(
    initialList<Row, object>('x', {}),
    { items: [], nextCursor: 'on', scannedTo: '2026-11-20T00:00:00Z' },
    shape,
  );
  expect([state.searching, state.scannedTo]).toEqual([true, '2026-11-20T00:00:00Z']);
  expect(receiveOlderPage(state, { items: [], nextCursor: null }, shape).searching).toBe(false);
  expect(receiveOlderPage(state, { items: [row(1)], nextCursor: 'c' }, shape).searching).toBe(false);
});

test('a row is changed where it stands, and removed', () => {
  const state = updateRow(start(rows(3, 1)), key(2), (item) => ({ ...item, state: 'done' }), shape);
  expect(state.items.map((item) => item.state)).toEqual(['new', 'done', 'new']);
  expect(updateRow(state, key(99), (item) => item, shape)).toBe(state);
  expect(ids(removeRows(state, new Set([key(2)]), shape))).toEqual([3, 1]);
});

test('merging and finding agree with sets and linear search', () => {
  const list = fc.uniqueArray(fc.integer({ min: 0, max: 99 })).map((ns) => ns.sort((a, b) => b - a).map((n) => row(n)));
  fc.assert(
    fc.property(list, list, fc.integer({ min: 0, max: 99 }), (a, b, n) => {
      const merged = mergeNewestFirst(a, b, shape.keyOf).map((item) => item.id);
      expect(merged).toEqual([...new Set([...a, ...b].map((item) => item.id))].sort().reverse());
      expect(indexOfKey(a, key(n), shape.keyOf)).toBe(a.findIndex((item) => item.id === key(n)));
    }),
  );
});
