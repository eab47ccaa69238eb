import type { ReadableDb } from '../database/open.ts';
import { prepared, statement } from '../database/statements.ts';
import { runSeqsOf } from './event-runs.ts';
import { parseRunRow, type RunRow, runColumns, runTables } from './run-rows.ts';

const runById = prepared<unknown>(`SELECT ${runColumns} FROM ${runTables} WHERE r.id = ?`);
const runBySeq = prepared<unknown>(`SELECT ${runColumns} FROM ${runTables} WHERE r.seq = ?`);

export function findRun(db: ReadableDb, id: string): RunRow | null {
  const row = runById(db).get(id);
  return row === undefined ? null : parseRunRow(row);
}

export function findRunBySeq(db: ReadableDb, seq: number): RunRow | null {
  const row = runBySeq(db).get(seq);
  return row === undefined ? null : parseRunRow(row);
}

const planned = prepared<{ seq: number }>('SELECT seq FROM runs WHERE event_seq = ? AND listener = ? AND retry_no = 0');

/** Whether an event and a listener have a run of their own. */
export const hasPlannedRun = (db: ReadableDb, eventSeq: number, listener: string): boolean =>
  planned(db).get(eventSeq, listener) !== undefined;

/** The run that was planned for an event and a listener; a retry of it is another one. */
export function findPlannedRun(db: ReadableDb, eventId: string, listener: string): RunRow | null {
  const row = statement(
    db,
    `SELECT ${runColumns} FROM ${runTables} WHERE r.listener = @listener AND r.retry_no = 0 AND r.seq IN (${runSeqsOf(
      '= (SELECT seq FROM events WHERE id = @eventId)',
    )})`,
  ).get({ eventId, listener });
  return row === undefined ? null : parseRunRow(row);
}
