import { z } from 'zod';
import { contextHash } from '../database/context-hash.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { prepared, statement } from '../database/statements.ts';

/** Over `failures f`: a run of it is stored. */
export const hasStoredRuns = 'EXISTS (SELECT 1 FROM runs r WHERE r.failure = f.seq)';

const contextOf = prepared<{ context: string }>(
  'SELECT e.context FROM runs r CROSS JOIN events e ON e.seq = r.event_seq WHERE r.seq = ?',
);

const readContextHash = (db: ReadableDb, runSeq: number): string | null => {
  const row = contextOf(db).get(runSeq);
  return row === undefined ? null : contextHash(row.context);
};

const marked = prepared('UPDATE runs SET failure = ?, unresolved = 1, context_hash = ?, inbox = ? WHERE seq = ?');

/** A run that has failed belongs to this failure, and nothing was done about it yet. */
export function markFailed(db: WritableDb, seq: number, failure: number, isInInbox: boolean): void {
  marked(db).run(failure, readContextHash(db, seq), isInInbox ? 1 : 0, seq);
}

/** Failed runs that a success has dealt with. */
export interface SettledRun {
  seq: number;
  failure: number;
  /** It was in the inbox. */
  was_in_inbox: number;
}

/** Maximum number of runs resolved by one success; the next success resolves the rest. */
const mostSettled = 2000;

const settling = (which: string): string =>
  `SELECT f.seq, f.failure, f.inbox AS was_in_inbox FROM runs f CROSS JOIN runs s
   WHERE s.seq = ? AND ${which} AND f.unresolved = 1 AND f.seq <> s.seq LIMIT ${mostSettled}`;

const earlierTries = prepared<SettledRun>(
  settling(`f.event_seq = s.event_seq AND f.listener IS s.listener AND f.job = s.job AND f.retry_no < s.retry_no`),
);
const ofListener = prepared<SettledRun>(settling('f.listener = s.listener AND f.event_seq <= s.event_seq'));
const ofContext = prepared<SettledRun>(
  settling('f.listener = s.listener AND f.context_hash = ? AND f.event_seq <= s.event_seq'),
);

/** Failed runs of the same event and listener that this completed run repeats. */
export const earlierTriesOf = (db: ReadableDb, seq: number): SettledRun[] => earlierTries(db).all(seq);

/** Failed runs of the same listener for this event or earlier ones; `context`: only those whose event has the same context. */
export function failedBefore(db: ReadableDb, seq: number, which: 'context' | 'any'): SettledRun[] {
  if (which === 'any') return ofListener(db).all(seq);
  const hash = readContextHash(db, seq);
  return hash === null ? [] : ofContext(db).all(seq, hash);
}

const settled = prepared(
  'UPDATE runs SET unresolved = 0, inbox = 0, note = coalesce(note, ?) WHERE seq = ? AND unresolved = 1',
);

/** Nothing is left to do about it: it leaves the inbox without an acknowledgement. */
export const settleRun = (db: WritableDb, seq: number, note: string): void => {
  settled(db).run(note, seq);
};

const retaken = prepared<{ failure: number }>(
  `UPDATE runs SET unresolved = 1 WHERE seq IN (SELECT f.seq FROM runs f CROSS JOIN runs s
     WHERE s.seq = ? AND s.unresolved = 1 AND f.event_seq = s.event_seq AND f.listener IS s.listener AND f.job = s.job
       AND f.retry_no < s.retry_no AND f.state = 'failed' AND f.failure IS NOT NULL AND f.acknowledged_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM runs later WHERE later.event_seq = f.event_seq AND later.listener IS f.listener
         AND later.job = f.job AND later.retry_no > f.retry_no AND later.state = 'completed'))
   RETURNING failure`,
);

/** What `settleRun` did to earlier tries of this run, which is unresolved again. Returns their failures. */
export const unsettleEarlierTries = (db: WritableDb, seq: number): number[] =>
  retaken(db)
    .all(seq)
    .map(({ failure }) => failure);

const anyUnresolved = prepared<{ one: number }>(
  'SELECT 1 AS one FROM runs INDEXED BY runs_unresolved WHERE failure = ? AND unresolved = 1 LIMIT 1',
);

export const hasUnresolved = (db: ReadableDb, failure: number): boolean => anyUnresolved(db).get(failure) !== undefined;

const seqs = z.array(z.object({ seq: z.number() }));
const seqList = (rows: unknown[]): number[] => seqs.parse(rows).map(({ seq }) => seq);

/** Runs of the failure that are not dealt with. */
export const unresolvedSeqs = (db: ReadableDb, failure: number, limit: number): number[] =>
  seqList(
    statement(
      db,
      'SELECT seq FROM runs INDEXED BY runs_unresolved WHERE failure = ? AND unresolved = 1 ORDER BY seq DESC LIMIT ?',
    ).all(failure, limit),
  );

/** A snoozed failure's runs leave the inbox. Returns those that did. */
export const hideFailed = (db: WritableDb, failure: number): number[] =>
  seqList(
    statement(db, 'UPDATE runs SET inbox = 0 WHERE failure = ? AND unresolved = 1 AND inbox = 1 RETURNING seq').all(
      failure,
    ),
  );

/** Its runs return to the inbox, those apart that were retried. Returns those that did. */
export const showFailed = (db: WritableDb, failure: number): number[] =>
  seqList(
    statement(
      db,
      `UPDATE runs SET inbox = 1 WHERE failure = ? AND unresolved = 1 AND inbox = 0
         AND NOT EXISTS (SELECT 1 FROM runs later WHERE later.retry_of = runs.id) RETURNING seq`,
    ).all(failure),
  );

/** Runs of the failure that were acknowledged in that moment, with it. */
export const acknowledgedAt = (db: ReadableDb, failure: number, atMs: number): number[] =>
  seqList(statement(db, 'SELECT seq FROM runs WHERE failure = ? AND acknowledged_at = ?').all(failure, atMs));

const mostCounted = 10_000;
const countRow = z.object({ n: z.number() });

/** Both up to 10,000. */
export function countFailureRuns(db: ReadableDb, failure: number): { stored: number; unresolved: number } {
  const count = (condition: string): number =>
    countRow.parse(
      statement(
        db,
        `SELECT count(*) AS n FROM (SELECT 1 FROM runs WHERE failure = ? ${condition} LIMIT ${mostCounted})`,
      ).get(failure),
    ).n;
  return { stored: count(''), unresolved: count('AND unresolved = 1') };
}

const contextRows = z.array(z.object({ context: z.string() }));

/** Contexts of the latest runs' events, as JSON text. */
export const failureContexts = (db: ReadableDb, failure: number, limit: number): string[] =>
  contextRows
    .parse(
      statement(
        db,
        `SELECT e.context FROM runs r INDEXED BY runs_by_failure CROSS JOIN events e ON e.seq = r.event_seq
         WHERE r.failure = ? ORDER BY r.seq DESC LIMIT ?`,
      ).all(failure, limit),
    )
    .map(({ context }) => context);
