import { lazy, Suspense } from 'react';
import classes from './code.module.css';
import type { CodeMirrorBoxProps } from './code-mirror.tsx';

const CodeMirrorBox = lazy(() => import('./code-mirror.tsx'));

export interface CodeEditorProps extends CodeMirrorBoxProps {
  /** No frame: for a pane of its own. */
  bare?: boolean;
  invalid?: boolean;
}

/** Until the editor is there its text stands in its place. */
export function CodeEditor({ bare = false, invalid = false, ...props }: CodeEditorProps) {
  return (
    <div
      className={classes.editor}
      data-bare={bare}
      data-invalid={invalid}
      style={{ height: props.height, maxHeight: props.maxHeight }}
    >
      <Suspense fallback={<div className={classes.waiting}>{props.value.slice(0, 4000)}</div>}>
        <CodeMirrorBox {...props} readOnly={props.readOnly ?? props.onChange === undefined} />
      </Suspense>
    </div>
  );
}
