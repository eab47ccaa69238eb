import type { ReadableDb, WritableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';

export interface StateChange {
  seq: number;
  atMs: number;
  /** Null: Signalbox. */
  by: string | null;
}

const set = prepared(
  `UPDATE failures SET state = @state, state_at = @atMs, state_by = @by, snoozed_until = NULL, snoozed_count = NULL,
     snoozed_for_change = 0, snoozed_listener_version = NULL, snoozed_job_version = NULL WHERE seq = @seq`,
);

export function setFailureState(
  db: WritableDb,
  { seq, atMs, by }: StateChange,
  state: 'open' | 'acknowledged' | 'resolved',
): void {
  set(db).run({ seq, atMs, by, state });
}

const regressed = prepared(`UPDATE failures SET regressions = regressions + 1, regressed_at = ? WHERE seq = ?`);

/** It failed again after it had been resolved. */
export const countRegression = (db: WritableDb, seq: number, atMs: number): void => {
  regressed(db).run(atMs, seq);
};

export interface SnoozeEnd {
  untilMs: number | null;
  /** So many more failed runs. */
  more: number | null;
  onChange: boolean;
}

const snoozed = prepared(
  `UPDATE failures SET state = 'snoozed', state_at = @atMs, state_by = @by, snoozed_until = @untilMs,
     snoozed_count = count + @more, snoozed_for_change = @onChange,
     snoozed_listener_version = (SELECT version FROM listeners l WHERE l.slug = failures.listener),
     snoozed_job_version = (SELECT version FROM jobs j WHERE j.slug = failures.job) WHERE seq = @seq`,
);

export function snoozeFailure(db: WritableDb, { seq, atMs, by }: StateChange, end: SnoozeEnd): void {
  snoozed(db).run({ seq, atMs, by, untilMs: end.untilMs, more: end.more, onChange: end.onChange ? 1 : 0 });
}

const woken = prepared<{ seq: number }>(
  `SELECT f.seq FROM failures f INDEXED BY failures_snoozed WHERE f.state = 'snoozed' AND (f.snoozed_until <= @nowMs
     OR f.snoozed_count <= f.count
     OR (f.snoozed_for_change = 1 AND (
       f.snoozed_listener_version IS NOT (SELECT version FROM listeners l WHERE l.slug = f.listener)
       OR f.snoozed_job_version IS NOT (SELECT version FROM jobs j WHERE j.slug = f.job))))
   LIMIT @limit`,
);

/** Snoozed failures whose snooze has ended: its time has come, they failed so often, or their definition changed. */
export const endedSnoozes = (db: ReadableDb, nowMs: number, limit: number): number[] =>
  woken(db)
    .all({ nowMs, limit })
    .map(({ seq }) => seq);

const next = prepared<{ at: number | null }>(
  `SELECT min(snoozed_until) AS at FROM failures INDEXED BY failures_snoozed WHERE state = 'snoozed'`,
);

/** When the next snooze ends by its time. */
export const nextSnoozeEndAt = (db: ReadableDb): number | null => next(db).get()?.at ?? null;

const assigned = prepared('UPDATE failures SET assignee = ? WHERE seq = ? AND assignee IS NOT ?');

/** False when it was assigned so already. */
export const assignFailure = (db: WritableDb, seq: number, assignee: string | null): boolean =>
  assigned(db).run(assignee, seq, assignee).changes === 1;
