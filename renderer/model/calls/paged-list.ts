import { create } from 'zustand';
import { onGap, toAppError } from '../../client/index.ts';
import {
  type Belongs,
  beginFirstPage,
  beginOlderPage,
  failList,
  initialList,
  loseHead,
  type Page,
  type PagedListState,
  pauseList,
  receiveFirstPage,
  receiveOlderPage,
  receivePushed,
  removeRows,
  resumeList,
  updateRow,
} from './paged-list-state.ts';

export interface PagedListOptions<T, P extends object> {
  fetch: (input: { query?: string; limit: number; cursor?: string | null } & P) => Promise<Page<T>>;
  /** Keys sort by time. */
  keyOf: (item: T) => string;
  accepts: (item: T, filter: { query: string; params: P }) => Belongs;
  params: P;
  maxRows?: number;
  pageSize?: number;
}

export interface PagedList<T, P extends object> {
  use: <S>(selector: (state: PagedListState<T, P>) => S) => S;
  get: () => PagedListState<T, P>;
  /** Loads the first page unless it is there or under way. */
  ensure: () => void;
  /** Loads the first page of what the filter matches, unless that is there or under way. */
  setFilter: (query: string, params: P) => void;
  /** Fetches from the top again; rows stay on show meanwhile. */
  reload: () => void;
  loadOlder: () => void;
  pause: () => void;
  resume: () => void;
  /** Shows the newest rows, after older ones pushed them out or while paused. */
  toNewest: () => void;
  push: (rows: readonly T[]) => void;
  update: (key: string, change: (item: T) => T) => void;
  remove: (keys: Iterable<string>) => void;
  /** Fetches the head again within a second: something changed that only the far side can judge. */
  refreshSoon: () => void;
  /** Follows lost pushes. */
  subscribe: () => () => void;
}

/** A search over much history comes in short turns; so many are taken without being asked again. */
const maxEmptyTurns = 20;
/** As the contract says. */
const maxPageSize = 500;
/** Lost pushes, and rows of which only the far side knows whether they belong, come in bursts: one fetch for a burst. */
const headFetchDelayMs = 1000;

/** A list that is paged into the past, follows pushes at its head and keeps a bounded number of rows. */
export function createPagedList<T, P extends object>(options: PagedListOptions<T, P>): PagedList<T, P> {
  const shape = { keyOf: options.keyOf, maxRows: options.maxRows ?? 5000 };
  const limit = options.pageSize ?? 100;
  const useList = create<PagedListState<T, P>>(() => initialList<T, P>('', options.params));
  const { getState: get, setState } = useList;
  let headTimer: ReturnType<typeof setTimeout> | undefined;

  const inputOf = (cursor: string | null, rows: number) => {
    const { query, params } = get();
    return { ...params, ...(query === '' ? {} : { query }), ...(cursor === null ? {} : { cursor }), limit: rows };
  };

  const firstPage = async (change: { query?: string; params?: P; keepItems: boolean }): Promise<void> => {
    const cutsOffOlder = get().loadingOlder;
    setState(beginFirstPage(get(), change), true);
    const { generation } = get();
    // A reload covers what was on show, as far as one page may reach, so that nothing there is left stale.
    const rows = Math.min(maxPageSize, Math.max(limit, get().items.length));
    let isShort: boolean;
    try {
      const page = await options.fetch(inputOf(null, rows));
      if (get().generation !== generation) return;
      isShort = page.items.length > 0 && page.items.length < rows;
      setState(receiveFirstPage(get(), page, shape), true);
    } catch (error) {
      if (get().generation === generation) setState(failList(get(), toAppError(error)), true);
      return;
    }
    // The view asks for older rows when its rows change. A page that ended early may bring only what a push had brought
    // before it, and one that cut off a fetch of older rows may change nothing.
    if (isShort || cutsOffOlder) await olderUntilFound(generation);
    await searchOn(generation);
  };

  const olderPage = async (generation: number): Promise<void> => {
    const { nextCursor } = get();
    if (nextCursor === null) return;
    setState(beginOlderPage(get()), true);
    try {
      const page = await options.fetch(inputOf(nextCursor, limit));
      if (get().generation === generation) setState(receiveOlderPage(get(), page, shape), true);
    } catch (error) {
      if (get().generation === generation) setState(failList(get(), toAppError(error)), true);
    }
  };

  /** Goes back turn by turn while nothing has been found. */
  const searchOn = async (generation: number): Promise<void> => {
    for (let turn = 0; turn < maxEmptyTurns; turn += 1) {
      const state = get();
      if (state.generation !== generation || !state.searching || state.error !== null) return;
      await olderPage(generation);
    }
    if (get().generation === generation) setState({ searching: false });
  };

  /** A page may come without rows when its time was up: the view would ask for no other, since nothing has changed in it. */
  const olderUntilFound = async (generation: number): Promise<void> => {
    if (get().loadingOlder || get().items.length === 0) return;
    // By key: a row that changes meanwhile is no older row.
    const oldestKey = (): string | null => {
      const oldest = get().items.at(-1);
      return oldest === undefined ? null : options.keyOf(oldest);
    };
    const before = oldestKey();
    for (let turn = 0; turn < maxEmptyTurns; turn += 1) {
      await olderPage(generation);
      const { generation: now, nextCursor, error } = get();
      if (now !== generation || error !== null || nextCursor === null || oldestKey() !== before) return;
    }
  };

  const reload = (): void => void firstPage({ keepItems: true });
  const reloadSoon = (): void => {
    headTimer ??= setTimeout(() => {
      headTimer = undefined;
      const { paused, headTrimmed } = get();
      if (!paused && !headTrimmed) reload();
    }, headFetchDelayMs);
  };

  return {
    use: useList,
    get,
    ensure() {
      if (get().phase === 'idle') void firstPage({ keepItems: false });
    },
    setFilter(query, params) {
      const { query: current, params: currentParams, phase } = get();
      const isSame = current === query && JSON.stringify(currentParams) === JSON.stringify(params);
      if (!isSame || phase === 'idle') void firstPage({ query, params, keepItems: false });
    },
    reload,
    refreshSoon() {
      if (get().phase !== 'idle') reloadSoon();
    },
    loadOlder() {
      const state = get();
      if (state.phase !== 'ready' || state.loadingOlder || state.nextCursor === null) return;
      const { generation } = state;
      if (state.items.length === 0) {
        setState({ searching: true });
        void searchOn(generation);
      } else void olderUntilFound(generation);
    },
    pause: () => setState(pauseList(get()), true),
    resume() {
      setState(resumeList(get(), shape), true);
      if (get().headTrimmed) void firstPage({ keepItems: false });
    },
    toNewest() {
      if (get().headTrimmed) void firstPage({ keepItems: false });
    },
    push(rows) {
      const state = get();
      if (state.phase === 'idle') return;
      const filter = { query: state.query, params: state.params };
      const pushed = receivePushed(state, rows, (row) => options.accepts(row, filter), shape);
      if (pushed.state !== state) setState(pushed.state, true);
      if (pushed.needsHead) reloadSoon();
    },
    update: (key, change) => setState(updateRow(get(), key, change, shape), true),
    remove: (keys) => setState(removeRows(get(), new Set(keys), shape), true),
    subscribe() {
      const stop = onGap(() => {
        const state = get();
        // A paused or far-back reader keeps the rows; what came meanwhile is fetched on the way back.
        if (state.phase === 'idle') return;
        if (state.paused || state.headTrimmed) setState(loseHead(state, shape), true);
        else reloadSoon();
      });
      return () => {
        clearTimeout(headTimer);
        headTimer = undefined;
        stop();
      };
    },
  };
}
