import { nearestWord } from '../conditions/parse/nearest-word.ts';
import { parseFieldTerm } from './parse-field-term.ts';
import { parseKeyTerm } from './parse-key-term.ts';
import type { QueryError, TermPosition, TermResult } from './parse-results.ts';
import { emptyQuery, QUERY_FIELD_ROOTS, QUERY_KEYS, QUERY_LIMITS, type Query, type QueryKey } from './query.ts';
import { tokenize } from './tokenize.ts';
import { isSpace, readQuoted } from './value-text.ts';

/** Something that parses but is probably not what was meant. `suggestion` replaces `start` to `end`. */
export interface QueryHint extends QueryError {
  suggestion?: string;
}

export type QueryResult = { ok: true; query: Query; hints: QueryHint[] } | { ok: false; error: QueryError };

/** A key and its colon; parts of a field path may be in quotes. The alternatives are disjoint, so this is linear. */
const KEY = /(?!")(?:[^\s":]|"(?:[^"\\]|\\.)*")+:/y;

/** Reads a query; the language is described in query.ts. Never throws. */
export function parseQuery(text: string): QueryResult {
  const query = emptyQuery();
  const hints: QueryHint[] = [];
  const read = readTerms(text, query, hints);
  return read.ok ? { ok: true, query, hints } : read;
}

/** The terms as they were typed; null for text that is not a query. */
export function queryTerms(text: string): string[] | null {
  const read = readTerms(text, emptyQuery(), []);
  return read.ok ? read.terms : null;
}

type TermsResult = { ok: true; terms: string[] } | { ok: false; error: QueryError };

/** Splits the text into terms and adds what each says to `query` and `hints`. */
function readTerms(text: string, query: Query, hints: QueryHint[]): TermsResult {
  if (text.length > QUERY_LIMITS.textLength) {
    const message = `A query has at most ${QUERY_LIMITS.textLength} characters`;
    return { ok: false, error: { message, start: QUERY_LIMITS.textLength, end: text.length } };
  }
  const terms: string[] = [];
  let at = 0;
  for (;;) {
    while (isSpace(text[at])) at += 1;
    if (at >= text.length) return { ok: true, terms };
    if (terms.length >= QUERY_LIMITS.terms) {
      const message = `A query has at most ${QUERY_LIMITS.terms} terms`;
      return { ok: false, error: { message, start: at, end: text.length } };
    }
    const result = parseTerm(text, at, query, hints);
    if (!result.ok) return result;
    terms.push(text.slice(at, result.end));
    at = result.end;
  }
}

function parseTerm(text: string, start: number, query: Query, hints: QueryHint[]): TermResult {
  const negated = text[start] === '-' && start + 1 < text.length && !isSpace(text[start + 1]);
  const bodyStart = negated ? start + 1 : start;
  if (text[bodyStart] === '"') return parseQuotedText(text, { start, valueStart: bodyStart, negated }, query, hints);
  const key = keyAt(text, bodyStart);
  if (key !== null) {
    const position: TermPosition = { start, valueStart: bodyStart + key.length + 1, negated };
    const known = QUERY_KEYS.find((name): name is QueryKey => name === key);
    if (known !== undefined) return parseKeyTerm(text, known, position, query);
    if (isFieldKey(key)) return parseFieldTerm(text, key, bodyStart, position, query);
  }
  return parseBareText(text, { start, valueStart: bodyStart, negated }, key, query, hints);
}

function keyAt(text: string, at: number): string | null {
  KEY.lastIndex = at;
  const match = KEY.exec(text);
  return match === null ? null : match[0].slice(0, -1);
}

export function isFieldKey(key: string): boolean {
  const root = key.split('.', 1)[0] ?? '';
  return QUERY_FIELD_ROOTS.some((name) => name === root);
}

function parseQuotedText(text: string, position: TermPosition, query: Query, hints: QueryHint[]): TermResult {
  const read = readQuoted(text, position.valueStart);
  if (!read.closed) {
    return { ok: false, error: { message: 'This quote is not closed', start: position.valueStart, end: text.length } };
  }
  const prefix = text[read.end] === '*';
  const end = prefix ? read.end + 1 : read.end;
  addText(read.text, prefix, { ...position, end }, query, hints);
  return { ok: true, end };
}

/** Bare words are free text, also those with a colon that is no key: event types hold colons. */
function parseBareText(
  text: string,
  position: TermPosition,
  key: string | null,
  query: Query,
  hints: QueryHint[],
): TermResult {
  const end = bareEnd(text, position.valueStart);
  const word = text.slice(position.valueStart, end);
  if (key !== null) {
    const keyEnd = position.valueStart + key.length;
    const [root = ''] = key.split('.', 1);
    const nearest = key.includes('.') ? nearestWord(root, QUERY_FIELD_ROOTS) : nearestWord(key, QUERY_KEYS);
    if (nearest !== null) {
      const suggestion = `${nearest}${key.includes('.') ? key.slice(root.length) : ''}`;
      hints.push({
        message: `"${key}:" is searched as text; did you mean "${suggestion}:"?`,
        start: position.valueStart,
        end: keyEnd,
        suggestion,
      });
    } else if (/^[><~]|^!=/.test(text.slice(keyEnd + 1, end))) {
      hints.push({
        message: `"${key}:" is searched as text; fields start with payload., context. or headers.`,
        start: position.valueStart,
        end: keyEnd,
        suggestion: `payload.${key}`,
      });
    }
  }
  const phrase = word.replace(/\*+$/, '');
  addText(phrase, phrase.length < word.length, { ...position, end }, query, hints);
  return { ok: true, end };
}

/** The end of a word, where closed quotes inside it may hold spaces: `note:"a b"` is one word. */
function bareEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !isSpace(text[at])) {
    const quoted = text[at] === '"' ? readQuoted(text, at) : null;
    at = quoted?.closed === true ? quoted.end : at + 1;
  }
  return at;
}

function addText(
  phrase: string,
  prefix: boolean,
  position: TermPosition & { end: number },
  query: Query,
  hints: QueryHint[],
): void {
  if (tokenize(phrase).length > 0) {
    query.text.push({ phrase, prefix, negated: position.negated });
    return;
  }
  const message = 'Ignored: it contains no letters or digits';
  hints.push({ message, start: position.start, end: position.end });
}
