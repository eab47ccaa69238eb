import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { type Column, tableLines } from './table.ts';

/** What is used of standard output and standard error. */
export interface TextStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): boolean;
}

export interface Output {
  /** JSON Lines instead of text for people. */
  isJson: boolean;
  /** A table, or one JSON line for each row. `none` is said instead of an empty table. */
  rows<T>(rows: readonly T[], columns: readonly Column<T>[], none: string): void;
  /** Lines for people, or `value` as one JSON line. */
  value(value: unknown, lines: () => readonly string[]): void;
  /** For people alone, on standard error, so that what is piped on stays data. */
  note(line: string): void;
  /** Text as it is, whatever the form. */
  raw(text: string): void;
}

const narrowest = 60;
/** Into a pipe or a file nothing has to fit. */
const unlimited = 10_000;

/** `json`: as the options say; undefined: JSON where standard output is no terminal. */
export function createOutput(stdout: TextStream, stderr: TextStream, json: boolean | undefined): Output {
  const isTerminal = stdout.isTTY === true;
  const isJson = json ?? !isTerminal;
  const lines = (list: readonly string[]): void => {
    if (list.length > 0) stdout.write(`${list.join('\n')}\n`);
  };
  return {
    isJson,
    rows(rows, columns, none) {
      if (isJson) return lines(rows.map((row) => stringifyExact(row)));
      if (rows.length === 0) return void stderr.write(`${none}\n`);
      lines(tableLines(columns, rows, isTerminal ? Math.max(narrowest, stdout.columns ?? 80) : unlimited));
    },
    value(value, text) {
      lines(isJson ? [stringifyExact(value)] : text());
    },
    note(line) {
      if (!isJson) stderr.write(`${line}\n`);
    },
    raw(text) {
      stdout.write(text);
    },
  };
}
