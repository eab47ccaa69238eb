import { z } from 'zod';
import { create } from 'zustand';
import { columnSchema } from '../../../shared/contract/views.ts';
import { readStored, writeStored } from '../../browser/storage.ts';
import { setKeyMap } from '../../keyboard/key-map.ts';

/** In the order they are offered. */
export const densities = ['compact', 'normal', 'roomy'] as const;

const preferencesSchema = z.object({
  scheme: z.enum(['auto', 'light', 'dark']).catch('auto'),
  density: z.enum(densities).catch('normal'),
  navFolded: z.boolean().catch(false),
  showInternal: z.boolean().catch(false),
  /** Counts over time above the lists. */
  showChart: z.boolean().catch(true),
  /** Columns of Live outside of saved views; null: the usual ones. */
  liveColumns: z.array(columnSchema).min(1).nullable().catch(null),
  /** Keys chosen instead of the usual ones; null: none. */
  keys: z.record(z.string(), z.string().nullable()).catch({}),
  singleKeys: z.boolean().catch(true),
});
export type Preferences = z.infer<typeof preferencesSchema>;

export const densityNames: Record<Preferences['density'], string> = {
  compact: 'Compact',
  normal: 'Normal',
  roomy: 'Comfortable',
};

const storageKey = 'signalbox.preferences';

/** What was kept, field by field: one bad value does not cost the others. */
export function readPreferences(text: string | null): Preferences {
  let raw: unknown = {};
  try {
    raw = JSON.parse(text ?? '{}');
  } catch {
    // Someone else's text under our key: the defaults stand.
  }
  return preferencesSchema.catch(preferencesSchema.parse({})).parse(raw);
}

export const usePreferences = create<Preferences>(() => readPreferences(readStored(storageKey)));

setKeyMap(usePreferences.getState().keys);
usePreferences.subscribe(({ keys }) => setKeyMap(keys));

export function setPreference<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
  usePreferences.setState((state) => ({ ...state, [key]: value }));
  writeStored(storageKey, JSON.stringify(usePreferences.getState()));
}
