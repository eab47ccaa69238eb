import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { threadReady, threadStop } from '../database/database-thread.ts';
import { batchRows, openTextIndex, type TextIndex, TextIndexError } from './text-index.ts';

const { databaseFile, searchFile, ...given } = z
  .object({ databaseFile: z.string(), searchFile: z.string(), storedTo: z.number() })
  .parse(workerData);

/** Under a stream of events, one pass a quarter second finds many at once, which FTS5 takes far more cheaply. */
const restMs = 250;
/** Events that came so short a time ago mean that more are coming. */
const streamMs = 1000;
/** The whole index is read for damage when the start is over. */
const checkAfterMs = 2000;

/** Beyond this seq events are committed but perhaps not on disk, and may be taken back. */
let storedTo = given.storedTo;
let index: TextIndex | null = null;
let timer: NodeJS.Timeout | null = null;
let checkTimer: NodeJS.Timeout | null = null;
let wokenAtMs = Number.NEGATIVE_INFINITY;

/** Reports what went wrong with the files, and ends; the next worker opens them again. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof TextIndexError)) throw error;
    const { where, code, message } = error;
    parentPort?.postMessage({ failed: { where, code, message } });
    stop();
  }
}

function pass(): void {
  timer = null;
  attempt(() => {
    if (index === null) return;
    const startedMs = performance.now();
    const added = index.addNext(storedTo);
    parentPort?.postMessage({ indexedTo: index.indexedTo() });
    if (added < batchRows) return;
    // More waits. Under a stream that is faster than this, it takes no more than half a core: answers to senders need the
    // processor and the disk more, and the index catches up after the stream.
    const nowMs = performance.now();
    const isStreaming = nowMs - wokenAtMs < streamMs;
    timer = setTimeout(pass, isStreaming ? nowMs - startedMs : 0);
  });
}

const messageSchema = z.union([
  z.literal(threadStop),
  z.object({ do: z.literal('index'), storedTo: z.number() }),
  z.object({ do: z.literal('remove'), seqs: z.array(z.number()) }),
]);

parentPort?.on('message', (raw: unknown) => {
  const message = messageSchema.parse(raw);
  if (message === threadStop) stop();
  else if (message.do === 'remove') attempt(() => index?.remove(message.seqs));
  else {
    wokenAtMs = performance.now();
    storedTo = message.storedTo;
    timer ??= setTimeout(pass, restMs);
  }
});

function stop(): void {
  if (timer !== null) clearTimeout(timer);
  if (checkTimer !== null) clearTimeout(checkTimer);
  index?.close();
  index = null;
  parentPort?.close();
}

attempt(() => {
  index = openTextIndex(databaseFile, searchFile);
});
parentPort?.postMessage(threadReady);
if (index !== null) {
  checkTimer = setTimeout(() => attempt(() => index?.check()), checkAfterMs);
  pass();
}
