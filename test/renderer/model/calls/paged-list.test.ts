import { expect, it, vi } from 'vitest';
import { eventually } from '../../../support/eventually.ts';

vi.mock('../../../../renderer/client/index.ts', () => ({
  onGap: () => () => undefined,
  toAppError: (error: unknown) => error,
}));
const { createPagedList } = await import('../../../../renderer/model/calls/paged-list.ts');

interface Page {
  items: { id: string }[];
  nextCursor: string | null;
}

function listOf(pages: readonly Page[]) {
  let asked = 0;
  const list = createPagedList<{ id: string }, object>({
    params: {},
    keyOf: ({ id }) => id,
    accepts: () => 'yes',
    fetch: async () => {
      const page = pages[asked];
      asked += 1;
      if (page === undefined) throw new Error('asked beyond the end');
      return page;
    },
  });
  return { list, asked: () => asked };
}

it('goes on through pages that came empty when their time was up, until there are rows to show', async () => {
  const { list, asked } = listOf([
    { items: [{ id: 'c' }], nextCursor: '3' },
    { items: [], nextCursor: '2' },
    { items: [], nextCursor: '1' },
    { items: [{ id: 'b' }], nextCursor: '0' },
    { items: [{ id: 'a' }], nextCursor: null },
  ]);
  list.ensure();
  await eventually(() => expect(list.get().items.map(({ id }) => id)).toEqual(['c', 'b']));
  expect(asked()).toBe(4);
  list.loadOlder();
  await eventually(() => expect(list.get()).toMatchObject({ nextCursor: null, loadingOlder: false }));
  expect(list.get().items).toHaveLength(3);
});

it('stops where everything was searched, or at a failure', async () => {
  const whole = listOf([
    { items: [{ id: 'c' }], nextCursor: '1' },
    { items: [], nextCursor: null },
  ]);
  whole.list.ensure();
  await eventually(() => expect(whole.list.get().phase).toBe('ready'));
  whole.list.loadOlder();
  await eventually(() => expect(whole.list.get().nextCursor).toBeNull());
  const broken = listOf([{ items: [{ id: 'c' }], nextCursor: '1' }]);
  broken.list.ensure();
  await eventually(() => expect(broken.list.get().error).not.toBeNull());
  expect(broken.list.get().items).toHaveLength(1);
  expect(broken.asked()).toBe(2);
});

it('goes on past empty pages although a row changes meanwhile', async () => {
  const { list } = listOf([
    { items: [{ id: 'b' }], nextCursor: '2' },
    { items: [], nextCursor: '1' },
    { items: [], nextCursor: '0' },
    { items: [{ id: 'a' }], nextCursor: null },
  ]);
  list.ensure();
  await eventually(() => expect(list.get().phase).toBe('ready'));
  list.loadOlder();
  list.update('b', (row) => ({ ...row }));
  await eventually(() => expect(list.get().items.map(({ id }) => id)).toEqual(['b', 'a']));
});

it('finds the older rows by itself when the first page ended early with a row that a push had brought', async () => {
  const { list, asked } = listOf([
    { items: [{ id: 'c' }], nextCursor: '2' },
    { items: [], nextCursor: '1' },
    { items: [{ id: 'b' }, { id: 'a' }], nextCursor: null },
  ]);
  list.ensure();
  list.push([{ id: 'c' }]);
  // What a view does when its rows change; nothing is fetched, since the first page is under way.
  list.loadOlder();
  expect(asked()).toBe(1);
  await eventually(() => expect(list.get().items.map(({ id }) => id)).toEqual(['c', 'b', 'a']));
});

it('fetches the older rows after a reload that cut off their page', async () => {
  const full = Array.from({ length: 100 }, (_, at) => ({ id: String(999 - at) }));
  const { list, asked } = listOf([
    { items: full, nextCursor: '900' },
    { items: [{ id: '899' }], nextCursor: null },
    { items: full, nextCursor: '900' },
    { items: [{ id: '899' }], nextCursor: null },
  ]);
  list.ensure();
  await eventually(() => expect(list.get().phase).toBe('ready'));
  list.loadOlder();
  list.reload();
  await eventually(() => expect(list.get().items).toHaveLength(101));
  expect(asked()).toBe(4);
});
