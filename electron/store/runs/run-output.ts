import { z } from 'zod';
import { type OutputLine, outputLineSchema } from '../../../shared/contract/runs.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { isoTime } from '../database/times.ts';

export type OutputStream = OutputLine['stream'];

/** `[order, at in ms, text]`. `order` counts every line of the attempt, dropped ones too: a hole is a dropped middle. */
export type StoredLine = [order: number, atMs: number, text: string];

export interface OutputChunk {
  n: number;
  stream: OutputStream;
  lines: StoredLine[];
  bytes: number;
}

/** What one flush changes: chunks to add, and numbers of chunks of the tail that have become too old. */
export interface OutputWrite {
  runSeq: number;
  attempt: number;
  add: OutputChunk[];
  drop: number[];
}

export function writeOutput(db: WritableDb, write: OutputWrite): void {
  for (const chunk of write.add) {
    statement(
      db,
      `INSERT INTO run_output (run_seq, attempt, n, stream, lines, bytes) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ).run(write.runSeq, write.attempt, chunk.n, chunk.stream, JSON.stringify(chunk.lines), chunk.bytes);
  }
  for (const n of write.drop) {
    statement(db, 'DELETE FROM run_output WHERE run_seq = ? AND attempt = ? AND n = ?').run(
      write.runSeq,
      write.attempt,
      n,
    );
  }
}

/** Lines of a page: what is read and answered in one go must not hold up the thread that answers senders. */
export const outputPageLines = 5000;

export interface OutputPage {
  items: OutputLine[];
  /** Lines are missing before or between these: the middle went over the limit, or is damaged. */
  truncated: boolean;
  /** `after` of the next page; null on the last one. */
  next: number | null;
  /** Order of the last line that is known now: the `after` with which a reader goes on later. Null: there is none yet. */
  last: number | null;
}

interface ChunkStart {
  n: number;
  /** Order of its first line; null when it is damaged. */
  first: number | null;
}

const chunkStartSchema = z.object({ n: z.number(), stream: outputLineSchema.shape.stream, start: z.string() });
const linesRowSchema = z.object({ lines: z.string() });
const linesSchema = z.array(z.tuple([z.number(), z.number(), z.string()]));

/** Lines of one attempt after an order, as they came. Where lines were left out, a `system` line says so. */
export function readOutput(
  db: ReadableDb,
  { runSeq, attempt, after = -1, limit = outputPageLines }: OutputRequest,
): OutputPage {
  const attemptDb = { db, runSeq, attempt };
  const damage = { isFound: false };
  const streams = [...chunkStarts(attemptDb)].map(([stream, chunks]) => {
    const lines = linesAfter(attemptDb, chunks, after, damage);
    return { stream, lines, head: lines.next() };
  });
  const items: OutputLine[] = [];
  let expected = after + 1;
  let truncated = false;
  for (;;) {
    const first = firstOf(streams);
    if (first === null || first.head.done) break;
    if (items.length >= limit) return { items, truncated, next: expected - 1, last: expected - 1 };
    const [order, atMs, text] = first.head.value;
    const at = isoTime(atMs);
    if (order > expected) {
      truncated = true;
      items.push({ stream: 'system', text: damage.isFound ? damagedHere : leftOutHere, at });
    }
    expected = order + 1;
    items.push({ stream: first.stream, text, at });
    first.head = first.lines.next();
  }
  if (damage.isFound && !truncated) {
    truncated = true;
    items.push({ stream: 'system', text: damagedHere, at: items.at(-1)?.at ?? isoTime(0) });
  }
  return { items, truncated, next: null, last: expected === 0 ? null : expected - 1 };
}

export interface OutputRequest {
  runSeq: number;
  attempt: number;
  /** Order of the last line that is known already. */
  after?: number | undefined;
  limit?: number | undefined;
}

interface OfAttempt {
  db: ReadableDb;
  runSeq: number;
  attempt: number;
}

interface StreamLines {
  stream: OutputStream;
  lines: Generator<StoredLine, void>;
  head: IteratorResult<StoredLine, void>;
}

/** The stream whose next line came first. */
function firstOf(streams: readonly StreamLines[]): StreamLines | null {
  let first: StreamLines | null = null;
  let lowest = Number.POSITIVE_INFINITY;
  for (const one of streams) {
    if (one.head.done || one.head.value[0] >= lowest) continue;
    lowest = one.head.value[0];
    first = one;
  }
  return first;
}

/** Where each chunk begins, by stream; their lines stay in the store. */
function chunkStarts({ db, runSeq, attempt }: OfAttempt): Map<OutputStream, ChunkStart[]> {
  const rows = statement(
    db,
    'SELECT n, stream, substr(lines, 1, 24) AS start FROM run_output WHERE run_seq = ? AND attempt = ? ORDER BY n',
  ).all(runSeq, attempt);
  const streams = new Map<OutputStream, ChunkStart[]>();
  for (const row of rows) {
    const { n, stream, start } = chunkStartSchema.parse(row);
    const order = /^\[\[(\d+),/.exec(start)?.[1];
    const chunks = streams.get(stream) ?? [];
    streams.set(stream, chunks);
    chunks.push({ n, first: order === undefined ? null : Number(order) });
  }
  return streams;
}

function* linesAfter(
  { db, runSeq, attempt }: OfAttempt,
  chunks: readonly ChunkStart[],
  after: number,
  damage: { isFound: boolean },
): Generator<StoredLine, void> {
  for (const [index, { n }] of chunks.entries()) {
    const nextFirst = chunks[index + 1]?.first ?? null;
    if (nextFirst !== null && nextFirst <= after + 1) continue;
    const row = statement(db, 'SELECT lines FROM run_output WHERE run_seq = ? AND attempt = ? AND n = ?').get(
      runSeq,
      attempt,
      n,
    );
    // Gone meanwhile: its lines are the middle that is left out.
    if (row === undefined) continue;
    const lines = readLines(row);
    if (lines === null) damage.isFound = true;
    for (const line of lines ?? []) if (line[0] > after) yield line;
  }
}

const leftOutHere = '… output left out here: it went over the limit …';
const damagedHere = '… output missing here: it is damaged in the store …';

function readLines(row: unknown): StoredLine[] | null {
  try {
    return linesSchema.parse(JSON.parse(linesRowSchema.parse(row).lines));
  } catch {
    return null;
  }
}
