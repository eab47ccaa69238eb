import type { Json } from '../../../shared/contract/common.ts';
import { InlineError } from '../feedback/inline-error.tsx';
import classes from './code.module.css';
import { CodeEditor } from './code-editor.tsx';
import { readJson } from './read-json.ts';

interface JsonEditorProps {
  value: string;
  onChange: (text: string) => void;
  /** Called with the parsed value whenever the text is JSON. */
  onValid?: (json: Json) => void;
  /** From outside, e.g. what the app said of the value. */
  error?: string | null;
  label: string;
  height?: string;
  readOnly?: boolean;
  autoFocus?: boolean;
}

/** Text that should be JSON; says where it is not. */
export function JsonEditor({
  value,
  onChange,
  onValid,
  error,
  label,
  height = '240px',
  readOnly,
  autoFocus,
}: JsonEditorProps) {
  const read = readJson(value);
  const message = read.ok ? error : read.message;
  return (
    <div>
      <CodeEditor
        value={value}
        language="json"
        label={label}
        height={height}
        readOnly={readOnly ?? false}
        autoFocus={autoFocus ?? false}
        invalid={message !== undefined && message !== null && message !== ''}
        onChange={(text) => {
          onChange(text);
          const next = readJson(text);
          if (next.ok) onValid?.(next.json);
        }}
      />
      <div className={classes.message}>
        <InlineError message={message ?? null} />
      </div>
    </div>
  );
}
