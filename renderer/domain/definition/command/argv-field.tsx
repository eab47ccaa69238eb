import { ActionIcon, Button, Textarea } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { type ArgRow, argRow, looksLikeCommandLine, splitCommandLine } from '../../../model/definitions/argv.ts';
import { Hint } from '../../../ui/text/hint.tsx';
import classes from './argv-field.module.css';

interface ArgvFieldProps {
  rows: readonly ArgRow[];
  readOnly: boolean;
  onChange: (rows: readonly ArgRow[]) => void;
}

interface Pasted {
  before: readonly ArgRow[];
  text: string;
  notes: readonly string[];
  count: number;
}

/** One argument a line. Nothing is joined, quoted or expanded: no shell stands between. */
export function ArgvField({ rows, readOnly, onChange }: ArgvFieldProps) {
  const [pasted, setPasted] = useState<Pasted | null>(null);
  const focusNext = useRef<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const id = focusNext.current;
    if (id === null) return;
    focusNext.current = null;
    const field = box.current?.querySelector<HTMLTextAreaElement>(`[data-row="${id}"]`);
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  });

  const insert = (at: number): void => {
    const row = argRow();
    focusNext.current = row.id;
    onChange([...rows.slice(0, at), row, ...rows.slice(at)]);
  };
  const remove = (at: number): void => {
    focusNext.current = (rows[at - 1] ?? rows[at + 1])?.id ?? null;
    const left = rows.filter((_, index) => index !== at);
    onChange(left.length === 0 ? [argRow()] : left);
  };

  const onPaste = (event: React.ClipboardEvent<HTMLTextAreaElement>, at: number): void => {
    const text = event.clipboardData.getData('text/plain');
    const row = rows[at];
    // Into a half-written argument a text is pasted as it is.
    if (row === undefined || row.text !== '' || !looksLikeCommandLine(text)) return;
    event.preventDefault();
    const { args, notes } = splitCommandLine(text.trim());
    const fresh = args.map(argRow);
    focusNext.current = fresh.at(-1)?.id ?? null;
    setPasted({ before: rows, text: text.trim(), notes, count: args.length });
    onChange([...rows.slice(0, at), ...fresh, ...rows.slice(at + 1)]);
  };

  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>, at: number): void => {
    const row = rows[at];
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      insert(at + 1);
    } else if (event.key === 'Backspace' && row?.text === '' && rows.length > 1) {
      event.preventDefault();
      remove(at);
    } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      const to = at + (event.key === 'ArrowUp' ? -1 : 1);
      const other = rows[to];
      if (row === undefined || other === undefined) return;
      event.preventDefault();
      focusNext.current = row.id;
      onChange(rows.map((one, index) => (index === at ? other : index === to ? row : one)));
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      if (row?.text.includes('\n') === true) return;
      const other = rows[at + (event.key === 'ArrowUp' ? -1 : 1)];
      if (other === undefined) return;
      event.preventDefault();
      box.current?.querySelector<HTMLTextAreaElement>(`[data-row="${other.id}"]`)?.focus();
    }
  };

  return (
    <div ref={box}>
      <div className={classes.argv}>
        {rows.map((row, at) => (
          <div key={row.id} className={classes.arg}>
            <span className={classes.argNumber} aria-hidden>
              {at === 0 ? 'run' : at}
            </span>
            <Textarea
              data-row={row.id}
              aria-label={at === 0 ? 'Program' : `Argument ${at}`}
              variant="unstyled"
              classNames={{ input: classes.argInput }}
              autosize
              minRows={1}
              value={row.text}
              placeholder={at === 0 ? 'Program, e.g. node' : row.text === '' && rows.length > 1 ? 'empty argument' : ''}
              spellCheck={false}
              disabled={readOnly}
              onChange={(event) => {
                const text = event.currentTarget.value;
                onChange(rows.map((one) => (one.id === row.id ? { ...one, text } : one)));
              }}
              onPaste={(event) => onPaste(event, at)}
              onKeyDown={(event) => onKeyDown(event, at)}
            />
            {!readOnly && rows.length > 1 && (
              <ActionIcon
                size={20}
                className={classes.argRemove}
                aria-label={`Remove argument ${at}`}
                onClick={() => remove(at)}
              >
                <IconX size={12} stroke={1.7} />
              </ActionIcon>
            )}
          </div>
        ))}
      </div>
      {!readOnly && (
        <div className={classes.argvFoot}>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            leftSection={<IconPlus size={12} stroke={1.8} />}
            onClick={() => insert(rows.length)}
          >
            Argument
          </Button>
          <Hint>One argument per line, passed as is, without a shell. Paste a whole command line to split it.</Hint>
        </div>
      )}
      {pasted !== null && (
        <div className={classes.pasted} role="status">
          <div>
            Split into {pasted.count} arguments. There is no shell: quotes are removed and nothing is expanded.
            {pasted.notes.length > 0 && (
              <ul>
                {pasted.notes.map((note) => (
                  <li key={note}>{note}</li>
                ))}
              </ul>
            )}
          </div>
          <Button
            variant="default"
            size="compact-xs"
            onClick={() => {
              onChange(pasted.before.map((row) => (row.text === '' ? { ...row, text: pasted.text } : row)));
              setPasted(null);
            }}
          >
            Keep as one argument
          </Button>
          {pasted.notes.length > 0 && (
            <Button
              variant="default"
              size="compact-xs"
              onClick={() => {
                onChange(['sh', '-c', pasted.text].map(argRow));
                setPasted(null);
              }}
            >
              Run with sh -c
            </Button>
          )}
          <ActionIcon size={20} aria-label="Dismiss" onClick={() => setPasted(null)}>
            <IconX size={13} stroke={1.7} />
          </ActionIcon>
        </div>
      )}
    </div>
  );
}
