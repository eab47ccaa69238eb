import { AppError } from '../../shared/contract/errors.ts';
import type { ReadableDb } from '../store/database/open.ts';
import { findRun } from '../store/runs/find-run.ts';
import type { RunRow } from '../store/runs/run-rows.ts';

/** Throws AppError `not_found`. */
export function mustFindRun(db: ReadableDb, id: string): RunRow {
  const row = findRun(db, id);
  if (row === null) throw new AppError('not_found', `There is no run ${id}; it may have been removed with its event.`);
  return row;
}
