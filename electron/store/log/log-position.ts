import type { ReadableDb, WritableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';

/** How far this store has applied a cluster's log. */
export interface LogPosition {
  cluster: string;
  /** Tells a log from another one of the same name. */
  log: string;
  /** The last entry that was applied; 0: none. */
  seq: number;
}

const position = prepared<LogPosition>('SELECT cluster, log, seq FROM log_position');
/** Null: the store has never belonged to a cluster. */
export const readLogPosition = (db: ReadableDb): LogPosition | null => position(db).get() ?? null;

const begun = prepared('INSERT INTO log_position (one, cluster, log, seq) VALUES (1, ?, ?, 0)');
export const beginLog = (db: WritableDb, { cluster, log }: Omit<LogPosition, 'seq'>): void => {
  begun(db).run(cluster, log);
};

const advanced = prepared('UPDATE log_position SET seq = ? WHERE seq = ?');
/** False when the store is not at `from`: the entry is not the one that follows. */
export const advanceLog = (db: WritableDb, from: number, to: number): boolean =>
  advanced(db).run(to, from).changes === 1;

const own = prepared<{ n: number }>(
  `SELECT (SELECT count(*) FROM (SELECT 1 FROM events LIMIT 1)) + (SELECT count(*) FROM (SELECT 1 FROM sources WHERE owner <> 'builtin' LIMIT 1))
     + (SELECT count(*) FROM (SELECT 1 FROM jobs LIMIT 1)) + (SELECT count(*) FROM (SELECT 1 FROM listeners LIMIT 1)) AS n`,
);
/** Whether there are events or definitions. */
export const hasOwnData = (db: ReadableDb): boolean => (own(db).get()?.n ?? 0) > 0;
