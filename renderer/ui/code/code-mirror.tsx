import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import CodeMirror from '@uiw/react-codemirror';
import { useMemo } from 'react';
import { codeTheme } from './code-theme.ts';
import { type PickedValue, pickValue } from './pick-value.ts';

export type CodeLanguage = 'json' | 'javascript' | 'text';

export interface CodeMirrorBoxProps {
  value: string;
  language: CodeLanguage;
  label: string;
  onChange?: (text: string) => void;
  height?: string | undefined;
  maxHeight?: string | undefined;
  readOnly?: boolean;
  wrap?: boolean;
  autoFocus?: boolean;
  /** A value of a JSON text was clicked, or Enter pressed at it. */
  onPickValue?: ((value: PickedValue) => void) | undefined;
}

const languages: Record<CodeLanguage, () => Extension> = {
  json,
  javascript: () => javascript({ typescript: true }),
  text: () => [],
};

/** Loaded lazily, through code-editor.tsx: CodeMirror is the largest thing in the window. */
export default function CodeMirrorBox(props: CodeMirrorBoxProps) {
  const { language, label, readOnly = false, wrap = true, onPickValue } = props;
  const extensions = useMemo(
    () => [
      languages[language](),
      codeTheme,
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      wrap ? EditorView.lineWrapping : [],
      onPickValue === undefined ? [] : pickValue(onPickValue),
    ],
    [language, label, wrap, onPickValue],
  );
  return (
    <CodeMirror
      value={props.value}
      onChange={props.onChange}
      theme="none"
      extensions={extensions}
      readOnly={readOnly}
      height={props.height}
      maxHeight={props.maxHeight}
      autoFocus={props.autoFocus}
      indentWithTab={false}
      basicSetup={{
        foldGutter: language !== 'text',
        lineNumbers: true,
        highlightActiveLine: !readOnly,
        highlightActiveLineGutter: false,
        autocompletion: false,
        searchKeymap: true,
        drawSelection: true,
        dropCursor: !readOnly,
        allowMultipleSelections: !readOnly,
        closeBrackets: !readOnly,
        history: !readOnly,
      }}
    />
  );
}
