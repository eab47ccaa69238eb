import { create } from 'zustand';

/** Keys that a user has chosen instead of the usual ones, by those; null: none. */
export type KeyMap = Readonly<Record<string, string | null>>;

export const useKeyMap = create<{ keys: KeyMap }>(() => ({ keys: {} }));
export const setKeyMap = (keys: KeyMap): void => useKeyMap.setState({ keys });

/** The key that does now what this one usually does; null: none. */
export const chosenKey = (keys: KeyMap, usual: string): string | null => {
  const chosen = keys[usual];
  return chosen === undefined ? usual : chosen;
};

/** What a pressed key means, as the key that usually does it; null: nothing. */
export function usualKey(keys: KeyMap, pressed: string): string | null {
  const usual = Object.keys(keys).find((one) => keys[one] === pressed);
  if (usual !== undefined) return usual;
  return keys[pressed] === undefined ? pressed : null;
}

/** Kept by the browser, by dialogs and by lists. */
const reserved: ReadonlySet<string> = new Set([
  'escape',
  'enter',
  'tab',
  'shift+tab',
  'space',
  'backspace',
  'delete',
  'mod+enter',
  'mod+z',
  'mod+k',
  'mod+c',
  'mod+v',
  'mod+x',
  'mod+a',
]);

export const canChoose = (pressed: string): boolean =>
  !reserved.has(pressed) && !/^(?:.*\+)?(?:arrow|page|home|end|f\d)/.test(pressed);

/**
 * Puts `chosen` in the place of a usual key. What `chosen` did goes to the key that becomes free, so that no key ever does
 * two things and none is lost.
 */
export function chooseKey(keys: KeyMap, usual: string, chosen: string | null): KeyMap {
  const next: Record<string, string | null> = { ...keys, [usual]: chosen };
  const displaced = chosen === null ? null : usualKey(keys, chosen);
  if (displaced !== null && displaced !== usual) next[displaced] = chosenKey(keys, usual);
  return Object.fromEntries(Object.entries(next).filter(([key, value]) => key !== value));
}
