import { z } from 'zod';
import { type OutputLine, outputLineSchema } from '../../../shared/contract/runs.ts';
import type { ReadableDb, WritableDb } from '../open.ts';
import { statement } from '../statements.ts';
import { isoTime } from '../times.ts';

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

const chunkRowSchema = z.object({ stream: outputLineSchema.shape.stream, lines: z.string() });
const linesSchema = z.array(z.tuple([z.number(), z.number(), z.string()]));

/** The lines of one attempt in the order they came. Where lines were left out, a `system` line says so. */
export function readOutput(
  db: ReadableDb,
  runSeq: number,
  attempt: number,
): { items: OutputLine[]; truncated: boolean } {
  const rows = statement(db, 'SELECT stream, lines FROM run_output WHERE run_seq = ? AND attempt = ? ORDER BY n').all(
    runSeq,
    attempt,
  );
  const lines: { stream: OutputStream; line: StoredLine }[] = [];
  let hasDamaged = false;
  for (const row of rows) {
    const chunk = chunkRowSchema.parse(row);
    const stored = readLines(chunk.lines);
    if (stored === null) hasDamaged = true;
    for (const line of stored ?? []) lines.push({ stream: chunk.stream, line });
  }
  lines.sort((a, b) => a.line[0] - b.line[0]);
  const items: OutputLine[] = [];
  let expected = 0;
  let truncated = false;
  for (const { stream, line } of lines) {
    const [order, atMs, text] = line;
    if (order > expected) {
      truncated = true;
      items.push({ stream: 'system', text: hasDamaged ? damagedHere : leftOutHere, at: isoTime(atMs) });
    }
    expected = order + 1;
    items.push({ stream, text, at: isoTime(atMs) });
  }
  if (hasDamaged && !truncated) {
    truncated = true;
    items.push({ stream: 'system', text: damagedHere, at: items.at(-1)?.at ?? isoTime(0) });
  }
  return { items, truncated };
}

const leftOutHere = '… output left out here: it went over the limit …';
const damagedHere = '… output missing here: it is damaged in the store …';

function readLines(text: string): StoredLine[] | null {
  try {
    return linesSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
