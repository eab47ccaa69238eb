import type { QueryError } from './parse-results.ts';
import { QUERY_LIMITS, type QueryValue } from './query.ts';
import { isSpace, readBareValue, readQuoted } from './value-text.ts';

export interface PositionedValue extends QueryValue {
  start: number;
  end: number;
}

export type ValuesResult = { ok: true; values: PositionedValue[]; end: number } | { ok: false; error: QueryError };

/** Reads `a,"b c",d` up to the next space. */
export function readValues(text: string, start: number, termStart: number): ValuesResult {
  const values: PositionedValue[] = [];
  let at = start;
  for (;;) {
    const read = text[at] === '"' ? readQuoted(text, at) : readBareValue(text, at);
    if (!read.closed) return failure('This quote is not closed', at, text.length);
    if (!read.quoted && read.text === '') {
      const key = text.slice(termStart, start);
      return failure(
        `${key} needs a value${values.length > 0 ? ' after the comma' : ''}`,
        termStart,
        Math.max(at, termStart + 1),
      );
    }
    values.push({ text: read.text, quoted: read.quoted, start: at, end: read.end });
    if (values.length > QUERY_LIMITS.listLength) {
      return failure(`A list has at most ${QUERY_LIMITS.listLength} values`, start, read.end);
    }
    at = read.end;
    if (at >= text.length || isSpace(text[at])) return { ok: true, values, end: at };
    if (text[at] !== ',') return failure('After a closing quote comes a comma or a space', at, at + 1);
    at += 1;
  }
}

function failure(message: string, start: number, end: number): ValuesResult {
  return { ok: false, error: { message, start, end } };
}
