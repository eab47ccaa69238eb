import { z } from 'zod';
import { create } from 'zustand';

const preferencesSchema = z.object({
  scheme: z.enum(['auto', 'light', 'dark']).catch('auto'),
  density: z.enum(['compact', 'normal', 'roomy']).catch('normal'),
  navFolded: z.boolean().catch(false),
  showInternal: z.boolean().catch(false),
});
export type Preferences = z.infer<typeof preferencesSchema>;
export type Density = Preferences['density'];

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

// Storage is refused in some private windows; the choice then lasts as long as the window.
export function readStored(key: string): string | null {
  try {
    return globalThis.localStorage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: string): void {
  try {
    globalThis.localStorage?.setItem(key, value);
  } catch {
    // As above.
  }
}

export const usePreferences = create<Preferences>(() => readPreferences(readStored(storageKey)));

export function setPreference<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
  usePreferences.setState((state) => ({ ...state, [key]: value }));
  writeStored(storageKey, JSON.stringify(usePreferences.getState()));
}

export const rowHeights: Record<Density, number> = { compact: 24, normal: 28, roomy: 34 };
