import { create } from 'zustand';
import type { AlarmIncident } from '../../../shared/contract/alarms.ts';
import { call, onGap, onPush } from '../../client/index.ts';

/** Alarms in the inbox, the latest first. */
export const useAlarmInbox = create<{ items: readonly AlarmIncident[] }>(() => ({ items: [] }));

/** The list after these incidents have changed. */
export function mergeIncidents(
  items: readonly AlarmIncident[],
  changed: readonly AlarmIncident[],
): readonly AlarmIncident[] {
  const byId = new Map([...items, ...changed].map((one) => [one.id, one]));
  return [...byId.values()].filter((one) => one.isInInbox).sort((one, other) => (one.id < other.id ? 1 : -1));
}

async function fetchInbox(): Promise<void> {
  try {
    useAlarmInbox.setState({ items: (await call('alarms.incidents', { inbox: true })).items });
  } catch {
    // The connection says so itself; the next gap fetches again.
  }
}

export function followAlarmInbox(): () => void {
  void fetchInbox();
  const stops = [
    onGap(() => void fetchInbox()),
    onPush('alarms.incidentsChanged', ({ items }) =>
      useAlarmInbox.setState((state) => ({ items: mergeIncidents(state.items, items) })),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
