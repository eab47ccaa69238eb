import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { type JsonStep, jsonValueAt } from './json-value-at.ts';

/** A value of a JSON text that was clicked, or at which Enter was pressed. */
export interface PickedValue {
  path: readonly JsonStep[];
  /** Of the viewport, where a menu may open. */
  x: number;
  y: number;
  /** Gives the keyboard back to the text. */
  refocus: () => void;
}

const menuKeys = new Set(['Enter', 'ContextMenu']);

/** Tells which value of a JSON text a click, Enter or the menu key is about. A drag selects text as ever. */
export function pickValue(onPick: (value: PickedValue) => void): Extension {
  const pick = (view: EditorView, at: number): boolean => {
    const path = jsonValueAt(view.state, at);
    const place = view.coordsAtPos(at);
    if (path === null || place === null) return false;
    onPick({ path, x: place.left, y: place.bottom, refocus: () => view.focus() });
    return true;
  };
  return [
    EditorView.domEventHandlers({
      click(event, view) {
        if (event.button !== 0 || event.detail > 1 || !view.state.selection.main.empty) return false;
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
        // Right of a line's end is no value.
        const end = at === null ? null : view.coordsAtPos(at, -1);
        if (at === null || end === null || event.clientX > end.right + 8) return false;
        return isOnValue(view, at) && pick(view, at);
      },
      keydown(event, view) {
        if (!menuKeys.has(event.key) || event.ctrlKey || event.metaKey || event.altKey) return false;
        event.preventDefault();
        // A menu that opens now would take the same key for one pressed outside of it, and close.
        event.stopPropagation();
        return pick(view, view.state.selection.main.head);
      },
    }),
    EditorView.theme({ '.cm-content': { cursor: 'default' } }),
  ];
}

/** Whether a character of a word or text, not of the layout, is there. */
const isOnValue = (view: EditorView, at: number): boolean => /[^\s,:]/.test(view.state.sliceDoc(at, at + 1));
