import { useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';
import type { Permission } from '../../shared/contract/access/roles.ts';
import { type ChordState, chordOf, feedChord, isSingleKey, noChord } from './key-chords.ts';
import { useKeyMap, usualKey } from './key-map.ts';

export interface Shortcut {
  /** `r`, `shift+r`, `mod+enter`, `space`, `g r`. */
  keys: string;
  label: string;
  run: () => void;
  enabled?: boolean;
  /** The permission of the call behind it; without it the keys do nothing, and the map says what is missing. */
  needs?: Permission;
  /** Also while typing in a field. */
  inInputs?: boolean;
  /** Left out of the map under `?`. */
  hidden?: boolean;
  /** Also while the key is held down. Only for what moves: a key held a moment too long must not act twice. */
  repeats?: boolean;
  /** Also while a dialog is open; the page's other shortcuts act on what the dialog covers. */
  inDialogs?: boolean;
}

/**
 * What the keys belong to, from below to above. Of two shortcuts with the same keys the one in the higher layer counts,
 * whichever was mounted or drawn last: a selection goes before the open pane, a form that is being filled in before both.
 */
const layers = ['page', 'pane', 'selection', 'form'] as const;
export type ShortcutLayer = (typeof layers)[number];

interface ShortcutSet {
  owner: symbol;
  title: string;
  layer: ShortcutLayer;
  shortcuts: readonly Shortcut[];
}

const useShortcutSets = create<{ sets: readonly ShortcutSet[] }>(() => ({ sets: [] }));

const byLayer = (a: ShortcutSet, b: ShortcutSet): number => layers.indexOf(a.layer) - layers.indexOf(b.layer);

/** A set that is there already keeps its place among those of its layer. */
function putShortcuts(set: ShortcutSet): void {
  useShortcutSets.setState(({ sets }) => ({
    sets: sets.some(({ owner }) => owner === set.owner)
      ? sets.map((one) => (one.owner === set.owner ? set : one)).sort(byLayer)
      : [...sets, set].sort(byLayer),
  }));
}

const removeShortcuts = (owner: symbol): void =>
  useShortcutSets.setState(({ sets }) => ({ sets: sets.filter((set) => set.owner !== owner) }));

/**
 * Live while the component is mounted. Keys change with what is shown, not after it is painted: a key pressed as soon as its
 * button is enabled would do nothing.
 */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[], layer: ShortcutLayer = 'page'): void {
  const owner = useRef(Symbol(title)).current;
  const latest = useRef(shortcuts);
  useLayoutEffect(() => {
    latest.current = shortcuts;
  });
  const signature = JSON.stringify(
    shortcuts.map(({ keys, label, enabled, needs, inInputs, hidden, repeats, inDialogs }) => [
      keys,
      label,
      enabled,
      needs,
      inInputs,
      hidden,
      repeats,
      inDialogs,
    ]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the shortcuts, which are made anew at every render
  useLayoutEffect(
    () =>
      putShortcuts({
        owner,
        title,
        layer,
        shortcuts: latest.current.map((shortcut) => ({
          ...shortcut,
          run: () => latest.current.find((one) => one.keys === shortcut.keys)?.run(),
        })),
      }),
    [owner, title, layer, signature],
  );
  useLayoutEffect(() => () => removeShortcuts(owner), [owner]);
}

export const useShortcutMap = (): readonly ShortcutSet[] => useShortcutSets((state) => state.sets);

interface Pressed {
  /** In a field that takes text. */
  typing: boolean;
  /** The key is held down. */
  held: boolean;
  overlay: Overlay;
  may(needs: Permission): boolean;
}

/**
 * What the keys do now. The highest layer that names them decides alone: where its shortcut is off, the keys do nothing
 * rather than what a lower one would make of them.
 */
function findShortcut(
  sets: readonly Pick<ShortcutSet, 'shortcuts'>[],
  keys: string,
  { typing, held, overlay, may }: Pressed,
): Shortcut | null {
  const named = sets
    .flatMap(({ shortcuts }) => shortcuts)
    .findLast((one) => one.keys === keys && (!typing || one.inInputs === true) && !isCovered(one, overlay));
  if (named?.needs !== undefined && !may(named.needs)) return null;
  if (named === undefined || named.enabled === false || (held && named.repeats !== true)) return null;
  return named;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('input:not([type=checkbox],[type=radio],[type=range]), textarea, select'));

/** Keys that a focused control uses itself; a page's shortcut must not take them away. */
const belongsToControl = (chord: string, target: EventTarget | null): boolean =>
  (chord === 'space' || chord === 'enter') &&
  target instanceof HTMLElement &&
  target.closest('button, a[href], summary, [role=tab], [role=menuitem], input, [role=option][data-own-keys]') !== null;

type Overlay = 'dialog' | 'popup' | null;

/** What lies over the page: a dialog, or an open menu or list of choices (only then does its button name what it controls). */
const openOverlay = (): Overlay => {
  if (document.querySelector('[aria-modal=true]') !== null) return 'dialog';
  return document.querySelector('[aria-haspopup][aria-controls]') === null ? null : 'popup';
};

const isCovered = (shortcut: Shortcut, overlay: Overlay): boolean => {
  if (overlay === 'dialog') return shortcut.inDialogs !== true;
  // Escape closes the menu and nothing else; letters look for a choice in it.
  return overlay === 'popup' && (shortcut.keys === 'escape' || shortcut.inInputs !== true);
};

export const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '');

export interface KeyboardDeps {
  /** Called for each single-character key. */
  allowsSingleKeys(): boolean;
  /** Whether the account that is signed in has the permission. */
  may(needs: Permission): boolean;
}

/** Listens on the window; called once at start. */
export function followKeyboard({ allowsSingleKeys, may }: KeyboardDeps): () => void {
  let state: ChordState = noChord;
  /** As it was before anything else handled the key: Escape has closed a menu by the time it comes here. */
  let overlay: Overlay = null;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const pressed = chordOf(event, isMac);
    if (pressed === null) return;
    if (isSingleKey(pressed) && !allowsSingleKeys()) return;
    const chord = usualKey(useKeyMap.getState().keys, pressed);
    if (chord === null) return;
    const typing = isTyping(event.target);
    const sets = useShortcutSets.getState().sets;
    const prefixes = new Set<string>();
    for (const set of sets) {
      for (const { keys } of set.shortcuts) if (keys.includes(' ')) prefixes.add(keys.slice(0, keys.indexOf(' ')));
    }
    const fed = typing ? { state: noChord, keys: [chord] } : feedChord(state, chord, Date.now(), prefixes);
    state = fed.state;
    if (state.pending !== null) return;
    for (const keys of fed.keys) {
      const hit = findShortcut(sets, keys, { typing, held: event.repeat, overlay, may });
      if (hit === null || (!typing && belongsToControl(chord, event.target))) continue;
      event.preventDefault();
      hit.run();
      return;
    }
  };
  // Code editors put an empty line in at this chord and say it is done; here it sends what was written in them.
  const onCapture = (event: KeyboardEvent): void => {
    overlay = openOverlay();
    // A button is pressed once however long Enter is held: what takes its place must not be pressed as well.
    if (event.repeat && event.key === 'Enter' && event.target instanceof Element && event.target.closest('button')) {
      event.preventDefault();
    }
    if (chordOf(event, isMac) === 'mod+enter') onKeyDown(event);
  };
  window.addEventListener('keydown', onCapture, { capture: true });
  window.addEventListener('keydown', onKeyDown);
  return () => {
    window.removeEventListener('keydown', onCapture, { capture: true });
    window.removeEventListener('keydown', onKeyDown);
  };
}
