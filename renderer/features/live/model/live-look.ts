import { readColumns, usualColumns, writeColumns } from '../../../../shared/columns/columns.ts';
import { type Column, keyFieldSchema, type Sort, type View } from '../../../../shared/contract/views.ts';
import type { LiveSearch } from '../../../model/app/paths.ts';

/** How Live shows its events. */
export interface Look {
  columns: readonly Column[];
  /** Null: newest first. */
  sort: Sort | null;
  group: string | null;
}

/** In an address, for what a saved view has and this list has not. */
const none = 'none';

export const writeSort = (sort: Sort | null): string =>
  sort === null ? none : `${sort.descending ? '-' : ''}${sort.by}`;

function readSort(text: string): Sort | null {
  const descending = text.startsWith('-');
  const by = keyFieldSchema.safeParse(descending ? text.slice(1) : text);
  return by.success ? { by: by.data, descending } : null;
}

export const writeGroup = (group: string | null): string => group ?? none;
const readGroup = (text: string): string | null => keyFieldSchema.safeParse(text).data ?? null;

/** What of the address is about the look, to be carried along. */
export const lookSearch = (search: URLSearchParams): LiveSearch => ({
  view: search.get('view') ?? undefined,
  cols: search.get('cols') ?? undefined,
  sort: search.get('sort') ?? undefined,
  group: search.get('group') ?? undefined,
});

/** The address says it; what it leaves open the saved view says, then what was used last. */
export function readLook(search: LiveSearch, view: View | undefined, remembered: readonly Column[] | null): Look {
  const { cols, sort, group } = search;
  const own = cols === undefined ? null : readColumns(cols);
  const kept = view === undefined ? remembered : view.columns;
  return {
    columns: own ?? kept ?? usualColumns,
    sort: sort === undefined ? (view?.sort ?? null) : readSort(sort),
    group: group === undefined ? (view?.group ?? null) : readGroup(group),
  };
}

const sameColumns = (a: readonly Column[], b: readonly Column[]): boolean => writeColumns(a) === writeColumns(b);

export const isUsual = (columns: readonly Column[]): boolean => sameColumns(columns, usualColumns);

/** The address of another look; what the view or the usual list says anyway is left out. */
export function searchOf(look: Look, search: LiveSearch, view: View | undefined): LiveSearch {
  const usual = view?.columns ?? usualColumns;
  return {
    view: search.view,
    cols: sameColumns(look.columns, usual) ? undefined : writeColumns(look.columns),
    sort: writeSort(look.sort) === writeSort(view?.sort ?? null) ? undefined : writeSort(look.sort),
    group: look.group === (view?.group ?? null) ? undefined : writeGroup(look.group),
  };
}
