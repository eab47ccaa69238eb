import type Database from 'better-sqlite3';
import { z } from 'zod';
import { searchableText } from '../../../shared/query/searchable-text.ts';
import { openReadable } from '../database/open.ts';
import { codedError, sqliteCode } from '../database/storage-errors.ts';
import { readStoredJson } from '../events/events.ts';
import { openSearch } from './search-db.ts';

/** Small, so that a stop never waits long and a reader never meets a growing log. */
export const batchRows = 500;

/** `where`: the file whose error it is. */
export class TextIndexError extends Error {
  readonly where: 'store' | 'search';
  readonly code: string | null;

  constructor(where: 'store' | 'search', cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.where = where;
    this.code = sqliteCode(cause);
  }
}

/** The full-text index, brought up to the store piece by piece. Everything may throw TextIndexError. */
export interface TextIndex {
  /** Seq of the newest event in it. */
  indexedTo(): number;
  /** Takes the next events up to this seq; gives how many, fewer than `batchRows` when all are in. */
  addNext(to: number): number;
  remove(seqs: readonly number[]): void;
  /** Reads the whole index for damage: 0.8 s a gigabyte. */
  check(): void;
  close(): void;
}

const rowSchema = z.object({
  seq: z.number(),
  id: z.string(),
  source: z.string(),
  type: z.string(),
  external_id: z.string().nullable(),
  context: z.string(),
  payload: z.string(),
});
type Row = z.infer<typeof rowSchema>;

const metaSchema = z.object({ value: z.string() });
const maxSchema = z.object({ seq: z.number().nullable() });
const checkSchema = z.array(z.object({ quick_check: z.string() }));

function of<T>(where: 'store' | 'search', work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof TextIndexError ? error : new TextIndexError(where, error);
  }
}

export function openTextIndex(databaseFile: string, searchFile: string): TextIndex {
  const store = of('store', () => openReadable(databaseFile));
  const search = of('search', () => openSearch(searchFile));
  const selectBatch = of('store', () =>
    store.prepare(
      `SELECT e.seq, e.id, t.source, t.type, e.external_id, e.context, e.payload
       FROM events e JOIN event_types t ON t.id = e.type_id WHERE e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ${batchRows}`,
    ),
  );
  const { insertText, deleteText, writeIndexedTo, found } = of('search', () => prepareSearch(search));
  let indexedTo = found;

  // An index that is ahead of its store belongs to another one (a restored backup, say).
  const newest = of('store', () => maxSchema.parse(store.prepare('SELECT max(seq) AS seq FROM events').get()).seq ?? 0);
  if (indexedTo > newest) {
    of('search', () =>
      search.transaction(() => {
        search.exec("INSERT INTO event_text (event_text) VALUES ('delete-all')");
        writeIndexedTo.run('0');
      })(),
    );
    indexedTo = 0;
  }

  const addRows = search.transaction((rows: Row[]) => {
    for (const row of rows) {
      const { text } = searchableText({
        id: row.id,
        externalId: row.external_id,
        type: row.type,
        source: row.source,
        // What cannot be read is not found by its words, and keeps nothing else from being found.
        context: readStoredJson(row.context).value,
        payload: readStoredJson(row.payload).value,
      });
      insertText.run(row.seq, text);
    }
    writeIndexedTo.run(String(rows.at(-1)?.seq ?? indexedTo));
  });

  const removeTexts = search.transaction((seqs: readonly number[]) => {
    for (const seq of seqs) if (seq <= indexedTo) deleteText.run(seq);
  });

  return {
    indexedTo: () => indexedTo,
    addNext(to) {
      const rows = of('store', () => z.array(rowSchema).parse(selectBatch.all(indexedTo, to)));
      if (rows.length > 0) of('search', () => addRows(rows));
      indexedTo = rows.at(-1)?.seq ?? indexedTo;
      return rows.length;
    },
    remove: (seqs) => of('search', () => removeTexts(seqs)),
    check() {
      const [first] = of('search', () => checkSchema.parse(search.pragma('quick_check(1)')));
      if (first !== undefined && first.quick_check !== 'ok') {
        throw new TextIndexError('search', codedError('SQLITE_CORRUPT', first.quick_check));
      }
    },
    close() {
      search.close();
      store.close();
    },
  };
}

function prepareSearch(search: Database.Database) {
  const meta = metaSchema.parse(search.prepare("SELECT value FROM meta WHERE key = 'indexed_to'").get());
  return {
    insertText: search.prepare('INSERT INTO event_text (rowid, text) VALUES (?, ?)'),
    deleteText: search.prepare('DELETE FROM event_text WHERE rowid = ?'),
    writeIndexedTo: search.prepare("UPDATE meta SET value = ? WHERE key = 'indexed_to'"),
    found: Number(meta.value),
  };
}
