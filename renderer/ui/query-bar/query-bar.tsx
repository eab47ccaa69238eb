import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { completions } from '../../../shared/query/complete.ts';
import { parseQuery } from '../../../shared/query/parse-query.ts';
import { readStored, writeStored } from '../../browser/storage.ts';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import classes from './query-bar.module.css';
import { addToHistory, readHistory } from './query-history.ts';

interface QueryBarProps {
  /** The query in force. */
  value: string;
  /** Given only what parses. */
  onSubmit: (text: string) => void;
  known: { types: string[]; sources: string[]; paths: string[]; listeners: string[]; jobs: string[] };
  placeholder?: string;
  /** Under which past queries are kept. */
  historyId: string;
  label?: string;
  id?: string;
}

export function QueryBar({
  value,
  onSubmit,
  known,
  placeholder,
  historyId,
  label = 'Filter',
  id: givenId,
}: QueryBarProps) {
  const [text, setText] = useState(value);
  const [cursor, setCursor] = useState(value.length);
  const [isOpen, setOpen] = useState(false);
  const [picked, setPicked] = useState(-1);
  const [isTried, setTried] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const ownId = useId();
  const id = givenId ?? ownId;
  const storageKey = `signalbox.queries.${historyId}`;
  const [history, setHistory] = useState(() => readHistory(readStored(storageKey)));

  useEffect(() => {
    setText(value);
    setTried(false);
  }, [value]);
  useShortcuts(label, [{ keys: '/', label: 'Filter', run: () => input.current?.select() }]);

  const parsed = useMemo(() => parseQuery(text), [text]);
  const offered = useMemo(() => {
    if (!isOpen) return { from: 0, to: 0, items: [] };
    if (text === '' && history.length > 0) {
      return {
        from: 0,
        to: 0,
        items: history.slice(0, 8).map((insert) => ({ insert, label: insert, detail: 'recent', kind: 'past' })),
      };
    }
    const found = completions(text, cursor, known);
    return { ...found, items: found.items.slice(0, 10) };
  }, [isOpen, text, cursor, known, history]);

  const submit = (next: string): void => {
    setTried(true);
    const result = parseQuery(next);
    if (!result.ok) return;
    setOpen(false);
    setPicked(-1);
    const trimmed = next.trim();
    if (trimmed !== '') {
      const kept = addToHistory(history, trimmed);
      setHistory(kept);
      writeStored(storageKey, JSON.stringify(kept));
    }
    onSubmit(trimmed);
  };

  const accept = (index: number): void => {
    const item = offered.items[index];
    if (item === undefined) return;
    const next = text.slice(0, offered.from) + item.insert + text.slice(offered.to);
    const at = offered.from + item.insert.length;
    setText(next);
    setCursor(at);
    setPicked(-1);
    if (item.kind === 'past') {
      submit(next);
      return;
    }
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(at, at);
    });
  };

  const clear = (): void => {
    setText('');
    setCursor(0);
    if (value !== '') onSubmit('');
    input.current?.focus();
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const { length } = offered.items;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) setOpen(true);
      else if (length > 0)
        setPicked((at) => (event.key === 'ArrowDown' ? (at + 1) % length : (at <= 0 ? length : at) - 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (isOpen && picked >= 0) accept(picked);
      else submit(text);
    } else if (event.key === 'Tab' && !event.shiftKey && isOpen && length > 0 && (picked >= 0 || text !== '')) {
      const index = Math.max(0, picked);
      // Tab moves on when there is nothing left to complete.
      if (text.slice(offered.from, offered.to) === offered.items[index]?.insert) return;
      event.preventDefault();
      accept(index);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (isOpen) {
        setOpen(false);
        setPicked(-1);
      } else if (text !== value) setText(value);
      else if (text !== '') clear();
      else input.current?.blur();
    }
  };

  const isList = isOpen && offered.items.length > 0;
  // A query that is being typed is often incomplete: its error waits for Enter or for the end of typing.
  const error = !parsed.ok && (isTried || !isOpen) ? parsed.error : null;
  const hint = parsed.ok && !isList ? parsed.hints[0] : undefined;
  return (
    <search className={classes.bar} data-page-filter data-invalid={error !== null}>
      <IconSearch size={14} stroke={1.6} className={classes.icon} aria-hidden />
      <input
        ref={input}
        className={classes.input}
        value={text}
        role="combobox"
        aria-label={label}
        aria-expanded={isList}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isList && picked >= 0 ? `${id}-${picked}` : undefined}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : `${id}-error`}
        placeholder={placeholder ?? 'Filter: type:order.* source:shop payload.total:>100 "free text"'}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        onChange={(event) => {
          setText(event.target.value);
          setCursor(event.target.selectionStart ?? event.target.value.length);
          setOpen(true);
          setPicked(-1);
          setTried(false);
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setOpen(false);
          setPicked(-1);
        }}
      />
      {text !== '' && (
        <button type="button" className={classes.clear} aria-label="Clear the filter" title="Clear" onClick={clear}>
          <IconX size={13} stroke={1.8} />
        </button>
      )}
      {isList && (
        <div id={`${id}-list`} role="listbox" aria-label="Completions" className={classes.drop}>
          {offered.items.map((item, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the active option
            <div
              key={`${item.kind}-${item.insert}`}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === picked}
              className={classes.option}
              onPointerDown={(event) => {
                event.preventDefault();
                accept(index);
              }}
            >
              <span className={classes.label}>{item.label}</span>
              <span className={classes.detail}>{item.detail}</span>
            </div>
          ))}
        </div>
      )}
      {error !== null && (
        <div id={`${id}-error`} role="alert" className={classes.problem}>
          <span className={classes.echo}>
            {text.slice(0, error.start)}
            <mark>{text.slice(error.start, Math.max(error.end, error.start + 1)) || ' '}</mark>
            {text.slice(Math.max(error.end, error.start + 1))}
          </span>
          <span>{error.message}</span>
        </div>
      )}
      {error === null && hint !== undefined && (
        <div className={classes.problem} data-hint>
          <span>{hint.message}</span>
        </div>
      )}
    </search>
  );
}
