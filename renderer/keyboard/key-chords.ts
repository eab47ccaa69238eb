/** The part of a keyboard event that chords are made of. */
export interface KeyPress {
  key: string;
  shiftKey: boolean;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

const named: Record<string, string> = { ' ': 'space', Escape: 'escape', Esc: 'escape' };

/**
 * One press as text: `r`, `shift+r`, `mod+enter`, `?`. `mod` is Ctrl, or ⌘ on a Mac. Shift is named for letters and
 * keys with names only: `?` is typed with Shift on some layouts and without on others. Null for a modifier alone.
 */
export function chordOf(press: KeyPress, isMac: boolean): string | null {
  if (['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Dead'].includes(press.key)) return null;
  const key = named[press.key] ?? press.key.toLowerCase();
  const isSymbol = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  const parts: string[] = [];
  if (isMac ? press.metaKey : press.ctrlKey) parts.push('mod');
  if (isMac ? press.ctrlKey : press.metaKey) parts.push('super');
  if (press.altKey && !isSymbol) parts.push('alt');
  if (press.shiftKey && !isSymbol) parts.push('shift');
  return [...parts, key].join('+');
}

/** Whether a chord is a single character, with or without Shift: speech input can type it by accident. */
export const isSingleKey = (chord: string): boolean => /^(?:shift\+)?[^+]$|^(?:shift\+)?\+$/.test(chord);

export interface ChordState {
  /** The first half of a sequence such as `g r`, with when it was pressed. */
  pending: { chord: string; atMs: number } | null;
}

export const noChord: ChordState = { pending: null };
const sequenceMs = 1200;

/** Feeds one chord: what it means alone or after the one before. `prefixes` are the first halves that exist. */
export function feedChord(
  state: ChordState,
  chord: string,
  nowMs: number,
  prefixes: ReadonlySet<string>,
): { state: ChordState; keys: string[] } {
  const before = state.pending !== null && nowMs - state.pending.atMs <= sequenceMs ? state.pending.chord : null;
  const keys = before === null ? [chord] : [`${before} ${chord}`, chord];
  return { state: before === null && prefixes.has(chord) ? { pending: { chord, atMs: nowMs } } : noChord, keys };
}
