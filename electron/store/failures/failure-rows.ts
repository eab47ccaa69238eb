import { z } from 'zod';
import { type Failure, failureStateSchema } from '../../../shared/contract/failures.ts';
import { runReasonSchema } from '../../../shared/contract/runs.ts';
import type { ReadableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';
import { isoTime, isoTimeOrNull } from '../database/times.ts';

const rowSchema = z.object({
  seq: z.number(),
  id: z.string(),
  job: z.string(),
  listener: z.string().nullable(),
  reason: runReasonSchema.nullable().catch(null),
  exit_code: z.number().nullable(),
  signal: z.string().nullable(),
  message: z.string().nullable(),
  state: failureStateSchema,
  state_at: z.number(),
  state_by: z.string().nullable(),
  count: z.number(),
  first_seen_at: z.number(),
  last_seen_at: z.number(),
  last_run: z.string(),
  first_listener_version: z.number().nullable(),
  last_listener_version: z.number().nullable(),
  first_job_version: z.number().nullable(),
  last_job_version: z.number().nullable(),
  snoozed_until: z.number().nullable(),
  snoozed_count: z.number().nullable(),
  snoozed_for_change: z.number(),
  snoozed_listener_version: z.number().nullable(),
  snoozed_job_version: z.number().nullable(),
  assignee: z.string().nullable(),
  regressions: z.number(),
  regressed_at: z.number().nullable(),
});
export type FailureRow = z.infer<typeof rowSchema>;

export const failureColumns = Object.keys(rowSchema.shape)
  .map((name) => `f.${name}`)
  .join(', ');

export const parseFailureRow = (row: unknown): FailureRow => rowSchema.parse(row);

const byId = prepared<unknown>(`SELECT ${failureColumns} FROM failures f WHERE f.id = ?`);
const bySeq = prepared<unknown>(`SELECT ${failureColumns} FROM failures f WHERE f.seq = ?`);

const rowOf = (row: unknown): FailureRow | null => (row === undefined ? null : parseFailureRow(row));

export const findFailure = (db: ReadableDb, id: string): FailureRow | null => rowOf(byId(db).get(id));
export const findFailureBySeq = (db: ReadableDb, seq: number): FailureRow | null => rowOf(bySeq(db).get(seq));

export const toFailure = (row: FailureRow): Failure => ({
  id: row.id,
  job: row.job,
  listener: row.listener,
  reason: row.reason,
  exitCode: row.exit_code,
  signal: row.signal,
  message: row.message,
  state: row.state,
  stateAt: isoTime(row.state_at),
  stateBy: row.state_by,
  count: row.count,
  firstSeenAt: isoTime(row.first_seen_at),
  lastSeenAt: isoTime(row.last_seen_at),
  lastRunId: row.last_run,
  snooze:
    row.state === 'snoozed'
      ? {
          until: isoTimeOrNull(row.snoozed_until),
          more: row.snoozed_count === null ? null : Math.max(0, row.snoozed_count - row.count),
          onChange: row.snoozed_for_change === 1,
        }
      : null,
  assignee: row.assignee,
  regressions: row.regressions,
  regressedAt: isoTimeOrNull(row.regressed_at),
  listenerVersions: { first: row.first_listener_version, last: row.last_listener_version },
  jobVersions: { first: row.first_job_version, last: row.last_job_version },
});
