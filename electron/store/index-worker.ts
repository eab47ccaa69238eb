import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { searchableText } from '../../shared/query/searchable-text.ts';
import { threadReady, threadStop } from './database-thread.ts';
import { parseStoredJson } from './events.ts';
import { openReadable } from './open.ts';
import { openSearch } from './search-db.ts';

const { databaseFile, searchFile } = z.object({ databaseFile: z.string(), searchFile: z.string() }).parse(workerData);

/** Small, so that a stop never waits long and a reader never meets a growing log. */
const batchRows = 500;
/** Under a stream of events, one pass a quarter second finds many at once, which FTS5 takes far more cheaply. */
const restMs = 250;
/** Events that came so short a time ago mean that more are coming. */
const streamMs = 1000;

const store = openReadable(databaseFile);
const search = openSearch(searchFile);

const selectBatch = store.prepare(
  `SELECT e.seq, e.id, t.source, t.type, e.external_id, e.context, e.payload
   FROM events e JOIN event_types t ON t.id = e.type_id WHERE e.seq > ? ORDER BY e.seq LIMIT ${batchRows}`,
);
const insertText = search.prepare('INSERT INTO event_text (rowid, text) VALUES (?, ?)');
const deleteText = search.prepare('DELETE FROM event_text WHERE rowid = ?');
const writeIndexedTo = search.prepare("UPDATE meta SET value = ? WHERE key = 'indexed_to'");

const rowSchema = z.object({
  seq: z.number(),
  id: z.string(),
  source: z.string(),
  type: z.string(),
  external_id: z.string().nullable(),
  context: z.string(),
  payload: z.string(),
});

const metaSchema = z.object({ value: z.string() });
const maxSchema = z.object({ seq: z.number().nullable() });

let indexedTo = Number(metaSchema.parse(search.prepare("SELECT value FROM meta WHERE key = 'indexed_to'").get()).value);
let timer: NodeJS.Timeout | null = null;
let wokenAtMs = Number.NEGATIVE_INFINITY;

// An index that is ahead of its store belongs to another one (a restored backup, say).
const newest = maxSchema.parse(store.prepare('SELECT max(seq) AS seq FROM events').get()).seq ?? 0;
if (indexedTo > newest) {
  search.transaction(() => {
    search.exec("INSERT INTO event_text (event_text) VALUES ('delete-all')");
    writeIndexedTo.run('0');
  })();
  indexedTo = 0;
}

const indexBatch = search.transaction((rows: z.infer<typeof rowSchema>[]) => {
  for (const row of rows) {
    const { text } = searchableText({
      id: row.id,
      externalId: row.external_id,
      type: row.type,
      source: row.source,
      context: parseStoredJson(row.context),
      payload: parseStoredJson(row.payload),
    });
    insertText.run(row.seq, text);
    indexedTo = row.seq;
  }
  writeIndexedTo.run(String(indexedTo));
});

function pass(): void {
  timer = null;
  const startedMs = performance.now();
  const rows = z.array(rowSchema).parse(selectBatch.all(indexedTo));
  if (rows.length > 0) indexBatch(rows);
  parentPort?.postMessage({ indexedTo });
  if (rows.length < batchRows) return;
  // More waits. Under a stream that is faster than this, it takes no more than half a core: answers to senders need the
  // processor and the disk more, and the index catches up after the stream.
  const nowMs = performance.now();
  const isStreaming = nowMs - wokenAtMs < streamMs;
  timer = setTimeout(pass, isStreaming ? nowMs - startedMs : 0);
}

const removeTexts = search.transaction((seqs: number[]) => {
  for (const seq of seqs) if (seq <= indexedTo) deleteText.run(seq);
});

const messageSchema = z.union([
  z.literal(threadStop),
  z.object({ do: z.literal('index') }),
  z.object({ do: z.literal('remove'), seqs: z.array(z.number()) }),
]);

parentPort?.on('message', (raw: unknown) => {
  const message = messageSchema.parse(raw);
  if (message === threadStop) stop();
  else if (message.do === 'remove') removeTexts(message.seqs);
  else {
    wokenAtMs = performance.now();
    timer ??= setTimeout(pass, restMs);
  }
});

function stop(): void {
  if (timer !== null) clearTimeout(timer);
  search.close();
  store.close();
  parentPort?.close();
}

parentPort?.postMessage(threadReady);
pass();
