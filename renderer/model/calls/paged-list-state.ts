import type { AppError } from '../../../shared/contract/errors.ts';

/** Does a row that was pushed belong to the list as it is filtered now? `unknown`: only the far side can tell. */
export type Belongs = 'yes' | 'no' | 'unknown';

export interface PagedListState<T, P> {
  query: string;
  params: P;
  /** Newest first, by key. */
  items: readonly T[];
  phase: 'idle' | 'loading' | 'ready' | 'error';
  /** Of the first page, or of the last attempt at an older one. */
  error: AppError | null;
  loadingOlder: boolean;
  /** Where older rows go on; null at the end. */
  nextCursor: string | null;
  /** How far back a search has looked. */
  scannedTo: string | null;
  /** A search that found nothing yet and still goes back by itself. */
  searching: boolean;
  paused: boolean;
  /** New rows held back while paused, newest first. */
  held: readonly T[];
  /** New rows that are not in `items`: held, or above a head that was let go. */
  unseen: number;
  /** The newest rows were let go to make room for older ones: `items` starts in the past. */
  headTrimmed: boolean;
  /** Of all rows there have been in `items` or above them, while the head is let go. */
  newestKey: string;
  /** Where each fetched page ended, so that the tail can be let go and fetched again. Oldest last. */
  pageEnds: readonly { key: string; cursor: string | null }[];
  /** Answers to an older generation are dropped. */
  generation: number;
}

export interface PagedListShape<T> {
  keyOf: (item: T) => string;
  maxRows: number;
}

export interface Page<T> {
  items: readonly T[];
  nextCursor: string | null;
  scannedTo?: string | null | undefined;
}

export function initialList<T, P>(query: string, params: P): PagedListState<T, P> {
  return {
    query,
    params,
    items: [],
    phase: 'idle',
    error: null,
    loadingOlder: false,
    nextCursor: null,
    scannedTo: null,
    searching: false,
    paused: false,
    held: [],
    unseen: 0,
    headTrimmed: false,
    newestKey: '',
    pageEnds: [],
    generation: 0,
  };
}

/** A fetch from the top begins. Rows stay on show when the question is the same (`keepItems`). */
export function beginFirstPage<T, P>(
  state: PagedListState<T, P>,
  change: { query?: string; params?: P; keepItems: boolean },
): PagedListState<T, P> {
  const next = { ...state, query: change.query ?? state.query, params: change.params ?? state.params };
  return {
    ...next,
    items: change.keepItems ? state.items : [],
    phase: change.keepItems && state.items.length > 0 ? 'ready' : 'loading',
    error: null,
    loadingOlder: false,
    searching: false,
    scannedTo: null,
    generation: state.generation + 1,
    ...(change.keepItems ? {} : { held: [], unseen: 0, headTrimmed: false, pageEnds: [], nextCursor: null }),
  };
}

/** Union of two lists that are newest first; of equal keys `first` wins. Same array when nothing is new. */
export function mergeNewestFirst<T>(first: readonly T[], second: readonly T[], keyOf: (item: T) => string): T[] {
  const merged: T[] = [];
  let a = 0;
  let b = 0;
  while (a < first.length || b < second.length) {
    const left = first[a];
    const right = second[b];
    if (left === undefined || right === undefined) {
      merged.push(...(left === undefined ? second.slice(b) : first.slice(a)));
      break;
    }
    const leftKey = keyOf(left);
    const rightKey = keyOf(right);
    if (leftKey === rightKey) b += 1;
    if (leftKey >= rightKey) {
      merged.push(left);
      a += 1;
    } else {
      merged.push(right);
      b += 1;
    }
  }
  return merged;
}

export const sortNewestFirst = <T>(items: readonly T[], keyOf: (item: T) => string): T[] =>
  [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : keyOf(a) > keyOf(b) ? -1 : 0));

/** Position of a key in a list that is newest first, or -1. */
export function indexOfKey<T>(items: readonly T[], key: string, keyOf: (item: T) => string): number {
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item === undefined) return -1;
    const at = keyOf(item);
    if (at === key) return middle;
    if (at > key) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

const newestOf = <T>(items: readonly T[], shape: PagedListShape<T>): string =>
  items[0] === undefined ? '' : shape.keyOf(items[0]);

/** Lets whole pages go at the old end, as far as a page's end with its cursor is known. */
function trimTail<T, P>(state: PagedListState<T, P>, shape: PagedListShape<T>): PagedListState<T, P> {
  if (state.items.length <= shape.maxRows) return state;
  const ends = [...state.pageEnds];
  let cut = state.items.length;
  while (cut > shape.maxRows && ends.length > 1) {
    ends.pop();
    const end = ends.at(-1);
    const index = end === undefined ? -1 : indexOfKey(state.items, end.key, shape.keyOf);
    if (index === -1) break;
    cut = index + 1;
  }
  const last = ends.at(-1);
  // A flood of pushes can be longer than the bound with no page's end in it: then the first page's end is lost too,
  // and older rows come back with a reload.
  if (cut > shape.maxRows || last === undefined) {
    return { ...state, items: state.items.slice(0, shape.maxRows), pageEnds: [], nextCursor: null, scannedTo: null };
  }
  return { ...state, items: state.items.slice(0, cut), pageEnds: ends, nextCursor: last.cursor, scannedTo: null };
}

export function receiveFirstPage<T, P>(
  state: PagedListState<T, P>,
  page: Page<T>,
  shape: PagedListShape<T>,
): PagedListState<T, P> {
  const fetched = sortNewestFirst(page.items, shape.keyOf);
  const last = fetched.at(-1);
  const newest = fetched[0];
  const keepsRows = !state.headTrimmed && newest !== undefined && last !== undefined;
  // Pushes that overtook the answer are newer than it and stay.
  const overtook =
    keepsRows && !state.paused ? state.items.filter((item) => shape.keyOf(item) > shape.keyOf(newest)) : [];
  // So do older pages, when the new one reaches down to them: the reader may be there.
  const reachesDown = keepsRows && state.items.some((item) => shape.keyOf(item) >= shape.keyOf(last));
  const older = reachesDown ? state.items.filter((item) => shape.keyOf(item) < shape.keyOf(last)) : [];
  const olderEnds =
    older.length === 0 || last === undefined ? [] : state.pageEnds.filter((end) => end.key < shape.keyOf(last));
  return {
    ...state,
    phase: 'ready',
    error: null,
    items: [...overtook.slice(0, shape.maxRows), ...fetched, ...older],
    nextCursor: older.length > 0 ? state.nextCursor : page.nextCursor,
    scannedTo: older.length > 0 ? state.scannedTo : (page.scannedTo ?? null),
    searching: fetched.length === 0 && page.nextCursor !== null,
    held: [],
    unseen: 0,
    headTrimmed: false,
    pageEnds: last === undefined ? [] : [{ key: shape.keyOf(last), cursor: page.nextCursor }, ...olderEnds],
  };
}

export function failList<T, P>(state: PagedListState<T, P>, error: AppError): PagedListState<T, P> {
  return {
    ...state,
    error,
    loadingOlder: false,
    searching: false,
    // Rows on show are worth more than an error page: the error then stands at the list's end.
    phase: state.items.length > 0 ? 'ready' : 'error',
  };
}

export function beginOlderPage<T, P>(state: PagedListState<T, P>): PagedListState<T, P> {
  return { ...state, loadingOlder: true, error: null };
}

export function receiveOlderPage<T, P>(
  state: PagedListState<T, P>,
  page: Page<T>,
  shape: PagedListShape<T>,
): PagedListState<T, P> {
  const items = mergeNewestFirst(state.items, sortNewestFirst(page.items, shape.keyOf), shape.keyOf);
  const last = items.at(-1);
  const surplus = Math.max(0, items.length - shape.maxRows);
  const kept = surplus === 0 ? items : items.slice(surplus);
  const ends = last === undefined ? [] : [...state.pageEnds, { key: shape.keyOf(last), cursor: page.nextCursor }];
  const newestKey = kept[0] === undefined ? '' : shape.keyOf(kept[0]);
  return {
    ...state,
    items: kept,
    loadingOlder: false,
    error: null,
    nextCursor: page.nextCursor,
    scannedTo: page.scannedTo ?? null,
    searching: page.items.length === 0 && page.nextCursor !== null && state.searching,
    headTrimmed: state.headTrimmed || surplus > 0,
    newestKey: state.headTrimmed || surplus === 0 ? state.newestKey : newestOf(items, shape),
    pageEnds: ends.filter((end) => end.key <= newestKey),
  };
}

/**
 * Takes rows that were pushed: known ones are replaced where they stand (or leave, when they belong no more), new ones
 * go on top, or are held while paused. `needsHead` is true when only a fetch can tell whether some belong.
 */
export function receivePushed<T, P>(
  state: PagedListState<T, P>,
  rows: readonly T[],
  belongs: (item: T) => Belongs,
  shape: PagedListShape<T>,
): { state: PagedListState<T, P>; needsHead: boolean } {
  let items: T[] | null = null;
  let held: T[] | null = null;
  // One batch may bring a row more than once: as new and as changed.
  const fresh = new Map<string, T>();
  let needsHead = false;
  for (const row of rows) {
    const verdict = belongs(row);
    const key = shape.keyOf(row);
    const at = indexOfKey(items ?? state.items, key, shape.keyOf);
    const heldAt = at === -1 ? indexOfKey(held ?? state.held, key, shape.keyOf) : -1;
    if (at !== -1) {
      items ??= [...state.items];
      if (verdict === 'no') items.splice(at, 1);
      else items[at] = row;
    } else if (heldAt !== -1) {
      held ??= [...state.held];
      if (verdict === 'no') held.splice(heldAt, 1);
      else held[heldAt] = row;
    } else if (verdict === 'yes') fresh.set(key, row);
    else {
      fresh.delete(key);
      if (verdict === 'unknown') needsHead = true;
    }
  }
  let next =
    items === null && held === null ? state : { ...state, items: items ?? state.items, held: held ?? state.held };
  if (held !== null && !state.headTrimmed) next = { ...next, unseen: next.unseen - (state.held.length - held.length) };
  return { state: addFresh(next, [...fresh.values()], shape), needsHead };
}

function addFresh<T, P>(
  state: PagedListState<T, P>,
  fresh: readonly T[],
  shape: PagedListShape<T>,
): PagedListState<T, P> {
  if (fresh.length === 0) return state;
  const oldest = state.items.at(-1);
  // A changed row that is older than everything loaded will come with its page.
  const inRange =
    state.nextCursor === null || oldest === undefined
      ? fresh
      : fresh.filter((row) => shape.keyOf(row) > shape.keyOf(oldest));
  if (inRange.length === 0) return state;
  const sorted = sortNewestFirst(inRange, shape.keyOf);
  if (state.headTrimmed) {
    // Rows above a head that was let go are not kept; those newer than any before are counted once.
    const newer = sorted.filter((row) => shape.keyOf(row) > state.newestKey);
    const newest = newer[0];
    if (newest === undefined) return state;
    return { ...state, unseen: state.unseen + newer.length, newestKey: shape.keyOf(newest) };
  }
  if (state.paused) {
    const held = mergeNewestFirst(sorted, state.held, shape.keyOf);
    const unseen = state.unseen + (held.length - state.held.length);
    // More than the list may keep anyway: resuming then fetches anew.
    return held.length > shape.maxRows
      ? { ...state, held: [], unseen, headTrimmed: true, newestKey: newestOf(held, shape) }
      : { ...state, held, unseen };
  }
  return trimTail({ ...state, items: mergeNewestFirst(sorted, state.items, shape.keyOf) }, shape);
}

export function pauseList<T, P>(state: PagedListState<T, P>): PagedListState<T, P> {
  return state.paused ? state : { ...state, paused: true };
}

/** Held rows go on top. When `headTrimmed` stays true, the caller fetches from the top. */
export function resumeList<T, P>(state: PagedListState<T, P>, shape: PagedListShape<T>): PagedListState<T, P> {
  if (!state.paused) return state;
  if (state.headTrimmed) return { ...state, paused: false };
  const items = mergeNewestFirst(state.held, state.items, shape.keyOf);
  return trimTail({ ...state, paused: false, held: [], unseen: 0, items }, shape);
}

export function updateRow<T, P>(
  state: PagedListState<T, P>,
  key: string,
  change: (item: T) => T,
  shape: PagedListShape<T>,
): PagedListState<T, P> {
  for (const part of ['items', 'held'] as const) {
    const at = indexOfKey(state[part], key, shape.keyOf);
    const row = state[part][at];
    if (row === undefined) continue;
    const rows = [...state[part]];
    rows[at] = change(row);
    return { ...state, [part]: rows };
  }
  return state;
}

export function removeRows<T, P>(
  state: PagedListState<T, P>,
  keys: ReadonlySet<string>,
  shape: PagedListShape<T>,
): PagedListState<T, P> {
  const items = state.items.filter((item) => !keys.has(shape.keyOf(item)));
  const held = state.held.filter((item) => !keys.has(shape.keyOf(item)));
  return { ...state, items, held, unseen: state.unseen - (state.held.length - held.length) };
}

/** Pushes were lost while the reader stays: the rows are kept, what is above them is fetched on the way back. */
export function loseHead<T, P>(state: PagedListState<T, P>, shape: PagedListShape<T>): PagedListState<T, P> {
  if (state.headTrimmed) return state;
  const newestKey = newestOf(state.held.length > 0 ? state.held : state.items, shape);
  return { ...state, headTrimmed: true, held: [], newestKey };
}
