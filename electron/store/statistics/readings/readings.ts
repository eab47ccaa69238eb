import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../../database/open.ts';
import { prepared, statement } from '../../database/statements.ts';

/** The app itself at a time. */
export interface Reading {
  atMs: number;
  /** Since the reading before, by time; see shared/answer-times.ts. */
  answers: readonly number[];
  waiting: number;
  running: number;
  databaseBytes: number;
  /** Of the disk; null when it is not known. */
  freeBytes: number | null;
}

const keptDays = 40;

/** Stores a reading, and drops those that are too old. */
export function writeReading(db: WritableDb, reading: Reading): void {
  const { atMs, answers, waiting, running, databaseBytes, freeBytes } = reading;
  statement(
    db,
    `INSERT OR REPLACE INTO readings (at, answers, waiting, running, database_bytes, free_bytes) VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(atMs, JSON.stringify(answers), waiting, running, databaseBytes, freeBytes);
  statement(db, 'DELETE FROM readings WHERE at < ?').run(atMs - keptDays * 86_400_000);
}

interface ReadingRow {
  at: number;
  answers: string;
  waiting: number;
  running: number;
  database_bytes: number;
  free_bytes: number | null;
}

const readingsSince = prepared<ReadingRow>('SELECT * FROM readings WHERE at >= ? ORDER BY at');
const answersSchema = z.array(z.number());

/** Since a time, the oldest first. */
export const readReadings = (db: ReadableDb, sinceMs: number): Reading[] =>
  readingsSince(db)
    .all(sinceMs)
    .map((row) => ({
      atMs: row.at,
      answers: readAnswers(row.answers),
      waiting: row.waiting,
      running: row.running,
      databaseBytes: row.database_bytes,
      freeBytes: row.free_bytes,
    }));

function readAnswers(text: string): number[] {
  try {
    return answersSchema.parse(JSON.parse(text));
  } catch {
    // Damaged in the store.
    return [];
  }
}
