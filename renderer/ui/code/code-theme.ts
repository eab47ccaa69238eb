import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const look = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--sb-text)', fontSize: '12px', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--sb-mono)', lineHeight: '18px', overflow: 'auto' },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--sb-text)' },
  '.cm-line': { padding: '0 10px 0 4px' },
  '.cm-gutters': { backgroundColor: 'transparent', border: '0', color: 'var(--sb-text-3)' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 4px 0 10px', minWidth: '28px' },
  '.cm-foldGutter .cm-gutterElement': { padding: '0 2px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'var(--sb-hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--sb-text)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--sb-focus) 30%, transparent)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--sb-selected)', outline: 'none' },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--sb-focus) 16%, transparent)' },
  '.cm-searchMatch': { backgroundColor: 'var(--sb-mark)' },
  '.cm-searchMatch-selected': { outline: '1px solid var(--sb-amber)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--sb-hover)',
    border: '1px solid var(--sb-border)',
    color: 'var(--sb-text-2)',
    padding: '0 4px',
  },
  '.cm-panels': { backgroundColor: 'var(--sb-panel)', color: 'var(--sb-text)', borderColor: 'var(--sb-border)' },
  '.cm-panels.cm-panels-top, .cm-panels.cm-panels-bottom': { borderColor: 'var(--sb-border)' },
  '.cm-panel.cm-search': { padding: '6px 8px', fontFamily: 'var(--sb-sans)' },
  '.cm-panel.cm-search label': { fontSize: '12px' },
  '.cm-textfield': {
    backgroundColor: 'var(--sb-raised)',
    border: '1px solid var(--sb-border-strong)',
    borderRadius: '3px',
    color: 'var(--sb-text)',
    fontSize: '12px',
  },
  '.cm-button': {
    backgroundColor: 'var(--sb-raised)',
    backgroundImage: 'none',
    border: '1px solid var(--sb-border-strong)',
    borderRadius: '3px',
    color: 'var(--sb-text)',
    fontSize: '12px',
  },
  '.cm-panel.cm-search [name=close]': { color: 'var(--sb-text-2)', fontSize: '16px' },
  '.cm-tooltip': {
    backgroundColor: 'var(--sb-raised)',
    border: '1px solid var(--sb-border-strong)',
    color: 'var(--sb-text)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--sb-selected)', color: 'var(--sb-text)' },
  '.cm-lintRange-error': { backgroundImage: 'none', borderBottom: '2px solid var(--sb-red)' },
  '.cm-changedLine, .cm-insertedLine': { backgroundColor: 'var(--sb-green-wash)' },
  '.cm-deletedChunk': { backgroundColor: 'var(--sb-red-wash)' },
  '.cm-changedText': { background: 'color-mix(in srgb, var(--sb-green) 30%, transparent)' },
  // Faint, for the colors of the text on it; the line below tells where.
  '.cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--sb-red) 8%, transparent)',
    boxShadow: 'inset 0 -2px var(--sb-red)',
  },
  '.cm-collapsedLines': {
    background: 'var(--sb-panel)',
    color: 'var(--sb-text-3)',
    fontFamily: 'var(--sb-sans)',
  },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--sb-code-key)' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: 'var(--sb-code-string)' },
  { tag: tags.number, color: 'var(--sb-code-number)' },
  { tag: [tags.bool, tags.null, tags.atom, tags.keyword, tags.typeName], color: 'var(--sb-code-atom)' },
  { tag: tags.comment, color: 'var(--sb-code-comment)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.bracket, tags.separator, tags.brace, tags.squareBracket], color: 'var(--sb-text-3)' },
  { tag: tags.definition(tags.variableName), color: 'var(--sb-text)', fontWeight: '550' },
]);

/** One look for light and dark: the colours are the page's own variables. */
export const codeTheme: Extension = [look, syntaxHighlighting(colours)];
