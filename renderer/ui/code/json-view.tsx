import { useMemo } from 'react';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { CodeEditor } from './code-editor.tsx';
import type { PickedValue } from './pick-value.ts';
import { canWrap, isHighlighted } from './text-size.ts';

interface JsonViewProps {
  value: unknown;
  label?: string;
  height?: string;
  maxHeight?: string;
  bare?: boolean;
  /** A value was clicked, or Enter pressed at it; keep the function between renders. */
  onPickValue?: (value: PickedValue) => void;
}

/** A value to read: folding, search (mod+F). A very large one is plain text, in which values cannot be picked. */
export function JsonView({ value, label = 'JSON', height, maxHeight, bare = false, onPickValue }: JsonViewProps) {
  const text = useMemo(() => stringifyExact(value, 2) ?? 'undefined', [value]);
  return (
    <CodeEditor
      value={text}
      language={isHighlighted(text) ? 'json' : 'text'}
      wrap={canWrap(text)}
      label={label}
      height={height}
      maxHeight={maxHeight}
      bare={bare}
      onPickValue={onPickValue}
      readOnly
    />
  );
}
