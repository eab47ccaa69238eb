import { create } from 'zustand';
import type { View, ViewPage } from '../../../shared/contract/views.ts';
import { type CallInput, call, onGap, onPush } from '../../client/index.ts';
import { usePreferences } from '../app/preferences.ts';

export interface ViewCount {
  count: number;
  /** At least so many. */
  isMore: boolean;
}

interface Views {
  phase: 'loading' | 'ready';
  /** By page and name. */
  items: readonly View[];
  counts: ReadonlyMap<string, ViewCount>;
}

export const useViews = create<Views>(() => ({ phase: 'loading', items: [], counts: new Map() }));

export const viewsOf = (views: readonly View[], page: ViewPage): View[] => views.filter((view) => view.page === page);

/** Between two counts: each looks at as much of the store as a page of a list. */
const countEveryMs = 20_000;

async function count(): Promise<void> {
  if (useViews.getState().items.length === 0) return;
  try {
    const { items } = await call('views.counts', { internal: usePreferences.getState().showInternal });
    useViews.setState({ counts: new Map(items.map(({ id, ...found }) => [id, found])) });
  } catch {
    // The former counts stay until the next time.
  }
}

function show(items: readonly View[]): void {
  useViews.setState({ phase: 'ready', items });
  void count();
}

async function fetchViews(): Promise<void> {
  try {
    show((await call('views.list', {})).items);
  } catch {
    // The lists work without their views; the next gap fetches again.
  }
}

export function followViews(): () => void {
  void fetchViews();
  const timer = setInterval(() => {
    if (!document.hidden) void count();
  }, countEveryMs);
  const stops = [
    onGap(() => void fetchViews()),
    onPush('views.changed', ({ items }) => show(items)),
    usePreferences.subscribe((now, before) => {
      if (now.showInternal !== before.showInternal) void count();
    }),
    () => clearInterval(timer),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

const byName = (a: View, b: View): number => a.page.localeCompare(b.page) || a.name.localeCompare(b.name);

/** Shown as soon as it is stored, before the push. */
export async function saveView(view: CallInput<'views.save'>): Promise<View> {
  const saved = await call('views.save', view);
  const others = useViews.getState().items.filter(({ id }) => id !== saved.id);
  show([...others, saved].sort(byName));
  return saved;
}

export async function removeView(id: string): Promise<void> {
  await call('views.remove', { id });
  useViews.setState(({ items }) => ({ items: items.filter((view) => view.id !== id) }));
}

/** What is stored again when a deletion or a change is taken back. */
export const asDraft = ({ savedAt: _at, savedBy: _by, ...draft }: View): CallInput<'views.save'> => draft;
