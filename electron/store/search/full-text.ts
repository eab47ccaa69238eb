import Database from 'better-sqlite3';
import { z } from 'zod';
import type { Query } from '../../../shared/query/query.ts';
import { requiredPhrases } from '../../../shared/query/required-phrases.ts';
import { TRUNCATED_MARKER } from '../../../shared/query/searchable-text.ts';
import { tokenize } from '../../../shared/query/tokenize.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { storageFault } from '../database/storage-errors.ts';

/**
 * An FTS5 expression that every row the query finds satisfies; null when the query requires no words. It narrows the
 * search only: the rows it finds are checked against the query itself afterwards.
 */
export function fullTextExpression(query: Query): string | null {
  const parts = requiredPhrases(query).map(({ tokens, prefix, from }) => {
    const phrase = `${quote(tokens)}${prefix ? ' *' : ''}`;
    // A text that was cut at its cap may lack a value that its event has.
    return from === 'field' ? `(${phrase} OR ${quote(tokenize(TRUNCATED_MARKER))})` : phrase;
  });
  for (const term of query.ids) {
    if (term.negated) continue;
    const ids = term.values.map((value) => quote(tokenize(value))).filter((phrase) => phrase !== '""');
    if (ids.length === term.values.length) parts.push(`(${ids.join(' OR ')})`);
  }
  return parts.length === 0 ? null : parts.join(' AND ');
}

const quote = (tokens: readonly string[]): string => `"${tokens.join(' ').replaceAll('"', '""')}"`;

let tellFailure: (error: unknown) => void = () => undefined;

/** Told when the index cannot be read; the search goes on without it. */
export function onSearchFailure(listener: (error: unknown) => void): void {
  tellFailure = listener;
}

/** What `look` finds in the index; null when the index is damaged or out of reach. */
export function tryIndex<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (!isIndexFailure(error)) throw error;
    tellFailure(error);
    return null;
  }
}

/** Other errors, such as of an expression that FTS5 does not take, are those of the search. */
const isIndexFailure = (error: unknown): boolean =>
  storageFault(error) !== null ||
  (error instanceof Database.SqliteError && /no such table|unknown database|vtable constructor/.test(error.message));

const seqSchema = z.object({ seq: z.number() });

/** Seqs of events up to and including this one are in the index. */
export function indexedTo(db: ReadableDb): number {
  const row = statement(db, "SELECT CAST(value AS INTEGER) AS seq FROM search.meta WHERE key = 'indexed_to'").get();
  return row === undefined ? 0 : seqSchema.parse(row).seq;
}

/** Seqs that satisfy the expression, below `below` and above `floor`, newest first. */
export function searchSeqs(db: ReadableDb, expression: string, below: number, floor: number, limit: number): number[] {
  return statement(
    db,
    `SELECT rowid AS seq FROM search.event_text WHERE event_text MATCH ? AND rowid < ? AND rowid > ?
     ORDER BY rowid DESC LIMIT ?`,
  )
    .all(expression, below, floor, limit)
    .map((row) => seqSchema.parse(row).seq);
}
