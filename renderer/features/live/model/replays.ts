import { create } from 'zustand';
import type { Replay } from '../../../../shared/contract/events.ts';
import { type CallInput, call, onGap, onPush } from '../../../client/index.ts';

export interface ReplaysState {
  items: readonly Replay[];
  /** Finished ones that were dismissed. */
  dismissed: ReadonlySet<string>;
}

export const initialReplays: ReplaysState = { items: [], dismissed: new Set() };

/** Newer states of replays take the places of older ones. */
export function mergeReplays(state: ReplaysState, changed: readonly Replay[]): ReplaysState {
  const byId = new Map(state.items.map((replay) => [replay.id, replay]));
  for (const replay of changed) byId.set(replay.id, replay);
  return { ...state, items: [...byId.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)) };
}

/** Running ones, and those that ended while this window was open and were not dismissed. */
export const shownReplays = (state: ReplaysState, openedAtMs: number): Replay[] =>
  state.items.filter(
    (replay) =>
      replay.state === 'running' ||
      (!state.dismissed.has(replay.id) && replay.finishedAt !== null && Date.parse(replay.finishedAt) >= openedAtMs),
  );

export const useReplays = create<ReplaysState>(() => initialReplays);

export const dismissReplay = (id: string): void =>
  useReplays.setState((state) => ({ dismissed: new Set([...state.dismissed, id]) }));

export async function startReplay(input: CallInput<'replays.start'>): Promise<Replay> {
  const replay = await call('replays.start', input);
  useReplays.setState((state) => mergeReplays(state, [replay]));
  return replay;
}

export async function cancelReplay(id: string): Promise<void> {
  const replay = await call('replays.cancel', { id });
  useReplays.setState((state) => mergeReplays(state, [replay]));
}

export function followReplays(): () => void {
  const fetchAll = async (): Promise<void> => {
    try {
      const { items } = await call('replays.list', {});
      useReplays.setState((state) => mergeReplays(state, items));
    } catch {
      // Progress is an extra here: the lamp of the connection tells of the failure, the next push brings the state.
    }
  };
  void fetchAll();
  const stops = [
    onGap(() => void fetchAll()),
    onPush('replays.changed', ({ items }) => useReplays.setState((state) => mergeReplays(state, items))),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
