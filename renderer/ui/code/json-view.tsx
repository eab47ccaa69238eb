import { useMemo } from 'react';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { CodeEditor } from './code-editor.tsx';

interface JsonViewProps {
  value: unknown;
  label?: string;
  height?: string;
  maxHeight?: string;
  bare?: boolean;
}

/** A value to read: folding, search (mod+F). */
export function JsonView({ value, label = 'JSON', height, maxHeight, bare = false }: JsonViewProps) {
  const text = useMemo(() => stringifyExact(value, 2) ?? 'undefined', [value]);
  return (
    <CodeEditor value={text} language="json" label={label} height={height} maxHeight={maxHeight} bare={bare} readOnly />
  );
}
