import { describe, expect, it } from 'vitest';
import {
  added,
  gridOf,
  moved,
  narrowColumns,
  resized,
} from '../../../../renderer/features/live/columns/column-layout.ts';
import { type Look, readLook, searchOf } from '../../../../renderer/features/live/model/live-look.ts';
import { usualColumns } from '../../../../shared/columns/columns.ts';
import type { View } from '../../../../shared/contract/views.ts';

const view: View = {
  id: 'view_1',
  page: 'live',
  name: 'Orders',
  query: 'type:order.*',
  columns: [{ field: 'time' }, { field: 'payload.amount', width: 90 }],
  sort: { by: 'payload.amount', descending: true },
  group: null,
  savedAt: '2026-03-01T10:00:00.000Z',
  savedBy: null,
};

const looks: [string, Look][] = [
  ['the look of the view', { columns: view.columns ?? [], sort: view.sort, group: null }],
  ['no sort', { columns: view.columns ?? [], sort: null, group: null }],
  ['another sort', { columns: view.columns ?? [], sort: { by: 'type', descending: false }, group: null }],
  ['a group and other columns', { columns: [{ field: 'payload.a,b' }], sort: null, group: 'context.space' }],
  ['the usual columns', { columns: usualColumns, sort: null, group: null }],
];

describe('the look of Live in its address', () => {
  it.each(looks)('with a view: %s', (_name, look) => {
    const search = searchOf(look, { view: view.id }, view);
    expect(search.view).toBe('view_1');
    expect(readLook(search, view, [{ field: 'id' }])).toEqual(look);
  });

  it.each(looks)('without one: %s', (_name, look) => {
    expect(readLook(searchOf(look, {}, undefined), undefined, null)).toEqual(look);
  });

  it('says nothing of what the view says', () => {
    expect(searchOf({ columns: view.columns ?? [], sort: view.sort, group: null }, { view: view.id }, view)).toEqual({
      view: 'view_1',
    });
  });

  it('leaves columns that were used last outside of views', () => {
    expect(readLook({}, undefined, [{ field: 'id' }]).columns).toEqual([{ field: 'id' }]);
    expect(readLook({ cols: 'no columns' }, undefined, null).columns).toEqual(usualColumns);
  });
});

describe('columns', () => {
  const fields = (columns: readonly { field: string }[]) => columns.map(({ field }) => field);

  it('are added before the runs, moved and resized', () => {
    const more = added(usualColumns, 'payload.amount');
    expect(fields(more)).toEqual(['time', 'source', 'type', 'about', 'payload.amount', 'runs', 'verified']);
    expect(added(more, 'payload.amount')).toEqual(more);
    expect(fields(moved(more, 'payload.amount', -2)).slice(1, 4)).toEqual(['source', 'payload.amount', 'type']);
    expect(moved(more, 'time', -1)).toEqual(more);
    expect(resized(more, 'type', 3)[2]).toEqual({ field: 'type', width: 40 });
  });

  it('take all room of the list, and few beside an open event', () => {
    expect(gridOf(usualColumns, true)).toContain('1fr');
    expect(gridOf([{ field: 'time' }, { field: 'payload.a' }, { field: 'verified' }], true)).toBe(
      '14px 104px minmax(60px, 1fr) 18px',
    );
    expect(fields(narrowColumns(usualColumns))).toEqual(['time', 'source', 'type', 'runs']);
    expect(narrowColumns([{ field: 'about' }])).toEqual([{ field: 'about' }]);
  });
});
