import { create } from 'zustand';
import type { Alarm } from '../../../shared/contract/alarms.ts';
import type { EventItem } from '../../../shared/contract/events.ts';
import type { Job } from '../../../shared/contract/jobs.ts';
import type { Listener } from '../../../shared/contract/listeners.ts';
import type { Source } from '../../../shared/contract/sources.ts';
import { type AppError, call, onGap, onPush, toAppError } from '../../client/index.ts';
import { addPaths, type KnownPaths } from '../events/known-paths.ts';

export interface Catalog {
  phase: 'loading' | 'ready' | 'error';
  error: AppError | null;
  sources: Source[];
  /** Without deleted ones. */
  listeners: Listener[];
  jobs: Job[];
  alarms: Alarm[];
  /** Event types seen, newest first. */
  types: string[];
  paths: KnownPaths;
}

export const useCatalog = create<Catalog>(() => ({
  phase: 'loading',
  error: null,
  sources: [],
  listeners: [],
  jobs: [],
  alarms: [],
  types: [],
  paths: [],
}));

const maxTypes = 500;

/** Types and field paths seen in events, for completion. */
export function learnFrom(
  state: Pick<Catalog, 'types' | 'paths'>,
  events: readonly EventItem[],
): Pick<Catalog, 'types' | 'paths'> {
  const known = new Set(state.types);
  const fresh: string[] = [];
  for (const { type } of events) {
    if (known.has(type)) continue;
    known.add(type);
    fresh.push(type);
  }
  return {
    types: fresh.length === 0 ? state.types : [...fresh, ...state.types].slice(0, maxTypes),
    paths: addPaths(state.paths, events),
  };
}

async function fetchCatalog(): Promise<void> {
  try {
    const [sources, listeners, jobs, alarms, types] = await Promise.all([
      call('sources.list', {}),
      call('listeners.list', {}),
      call('jobs.list', {}),
      call('alarms.list', {}),
      call('events.types', {}),
    ]);
    useCatalog.setState({
      phase: 'ready',
      error: null,
      sources: sources.items,
      listeners: listeners.items,
      jobs: jobs.items,
      alarms: alarms.items,
      types: [...new Set(types.items.map((item) => item.type))],
    });
  } catch (error) {
    useCatalog.setState((state) => ({ error: toAppError(error), phase: state.phase === 'ready' ? 'ready' : 'error' }));
  }
}

export function followCatalog(): () => void {
  void fetchCatalog();
  const stops = [
    onGap(() => void fetchCatalog()),
    onPush('sources.changed', ({ items }) => useCatalog.setState({ sources: items })),
    onPush('listeners.changed', ({ items }) =>
      useCatalog.setState({ listeners: items.filter((listener) => listener.state !== 'deleted') }),
    ),
    onPush('jobs.changed', ({ items }) => useCatalog.setState({ jobs: items })),
    onPush('alarms.changed', ({ items }) => useCatalog.setState({ alarms: items })),
    onPush('events.added', ({ items }) => useCatalog.setState((state) => learnFrom(state, items))),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

export interface Known {
  types: string[];
  sources: string[];
  paths: string[];
  listeners: string[];
  jobs: string[];
}

let lastKnown: { from: Catalog; known: Known } | null = null;

/** What the query language's completion may offer. */
export const useKnown = (): Known =>
  useCatalog((state) => {
    if (
      lastKnown === null ||
      lastKnown.from.sources !== state.sources ||
      lastKnown.from.listeners !== state.listeners ||
      lastKnown.from.jobs !== state.jobs ||
      lastKnown.from.types !== state.types ||
      lastKnown.from.paths !== state.paths
    ) {
      lastKnown = {
        from: state,
        known: {
          types: state.types,
          sources: state.sources.map((source) => source.slug),
          paths: [...state.paths],
          listeners: state.listeners.map((listener) => listener.slug),
          jobs: state.jobs.map((job) => job.slug),
        },
      };
    }
    return lastKnown.known;
  });
