import { z } from 'zod';
import type { Json } from '../../../shared/contract/common.ts';
import {
  type Attempt,
  type Progress,
  type Question,
  type Run,
  type RunReason,
  type RunState,
  runReasonSchema,
  runStateSchema,
  type Step,
} from '../../../shared/contract/runs.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { isoTime, isoTimeOrNull } from '../database/times.ts';
import { listUnreadable, readPart } from '../database/unreadable.ts';

const runRowSchema = z.object({
  seq: z.number(),
  id: z.string(),
  event_seq: z.number(),
  event_id: z.string(),
  event_type: z.string(),
  source: z.string(),
  listener: z.string().nullable(),
  job: z.string(),
  retry_no: z.number(),
  retry_of: z.string().nullable(),
  state: runStateSchema,
  // A word that this version does not know, or a damaged one.
  reason: runReasonSchema.nullable().catch(null),
  error: z.string().nullable(),
  attempt: z.number(),
  attempts: z.number(),
  exit_code: z.number().nullable(),
  signal: z.string().nullable(),
  progress: z.string().nullable(),
  outcome: z.string().nullable(),
  due_at: z.number().nullable(),
  queued_at: z.number(),
  started_at: z.number().nullable(),
  finished_at: z.number().nullable(),
  acknowledge: z.enum(['required', 'none']),
  inbox: z.number(),
  acknowledged_at: z.number().nullable(),
  acknowledged_by: z.string().nullable(),
  note: z.string().nullable(),
  depth: z.number(),
  mode: z.enum(['foreground', 'background']).catch('foreground'),
  needs_approval: z.number(),
  decided_by: z.string().nullable(),
  decided_at: z.number().nullable(),
  expires_at: z.number().nullable(),
  steps: z.string().nullable(),
  question: z.string().nullable(),
  /** Of a run that has failed: what it was counted into. */
  failure: z.number().nullable(),
  failure_id: z.string().nullable(),
  batch_seq: z.number().nullable(),
});

/** A row of `runs` with what it shows of its event; what `runColumns` selects. */
export type RunRow = z.infer<typeof runRowSchema>;

export const parseRunRow = (row: unknown): RunRow => runRowSchema.parse(row);

/** For `SELECT ${runColumns} FROM ${runTables} WHERE r.…`: rows that `toRun` takes. */
export const runColumns = `r.seq, r.id, r.event_seq, e.id AS event_id, t.type AS event_type, t.source, r.listener, r.job,
  r.retry_no, r.retry_of, r.state, r.reason, r.error, r.attempt, r.attempts, r.exit_code, r.signal, r.progress, r.outcome,
  r.due_at, r.queued_at, r.started_at, r.finished_at, r.acknowledge, r.inbox, r.acknowledged_at, r.acknowledged_by, r.note,
  r.depth, r.mode, r.needs_approval, r.decided_by, r.decided_at, r.expires_at, r.steps, r.question, r.batch_seq, r.failure,
  (SELECT f.id FROM failures f WHERE f.seq = r.failure) AS failure_id`;

/** CROSS JOIN keeps the order: from the run to its event, never from all events to their runs. */
export const runTables =
  'runs r CROSS JOIN events e ON e.seq = r.event_seq CROSS JOIN event_types t ON t.id = e.type_id';
/** For counting by columns of the run alone: without its event and type it takes a third less time. */
export const runTableAlone = 'runs r';

// Written by this app only (statements below and in run-claims.ts), hence parsed without a schema: a page has 500 rows.
const parseJson = (text: string | null): Json => (text === null ? null : parseExact(text));
const parseProgress = (text: string | null): Progress | null => (text === null ? null : JSON.parse(text));
const parseSteps = (text: string | null): Step[] | null => (text === null ? null : JSON.parse(text));
const parseQuestion = (text: string | null): Question | null => (text === null ? null : JSON.parse(text));

/** Why a run is in the inbox. */
function attentionFor(state: RunState): NonNullable<Run['needsAttention']> {
  if (state === 'pending') return 'approval';
  return state === 'interaction_required' ? 'question' : 'acknowledgement';
}

/** Every run that has ended has a reason; the first version stored none for those that completed. */
const reasonOf = ({ state, reason }: Pick<RunRow, 'state' | 'reason'>): RunReason | null =>
  reason ?? (state === 'completed' ? 'exit' : null);

/** What a run is from its planning on. */
export type RunIdentity = Pick<
  RunRow,
  'id' | 'event_id' | 'event_type' | 'source' | 'listener' | 'job' | 'queued_at' | 'mode' | 'acknowledge' | 'retry_of'
>;

/** Where it is in its life. Times in milliseconds. */
export interface RunStanding
  extends Pick<
    Run,
    | 'state'
    | 'reason'
    | 'error'
    | 'attempt'
    | 'attempts'
    | 'exitCode'
    | 'signal'
    | 'progress'
    | 'steps'
    | 'question'
    | 'outcome'
    | 'decidedBy'
    | 'note'
    | 'acknowledgedBy'
  > {
  isInInbox: boolean;
  dueAtMs: number | null;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  expiresAtMs: number | null;
  decidedAtMs: number | null;
  acknowledgedAtMs: number | null;
  failureId: string | null;
}

/** A run as the console shows it and its events tell of it, whether it was read or is in memory. */
export function describeRun(row: RunIdentity, at: RunStanding): Run {
  const needsAttention = at.isInInbox ? attentionFor(at.state) : null;
  return {
    id: row.id,
    eventId: row.event_id,
    eventType: row.event_type,
    source: row.source,
    listener: row.listener,
    job: row.job,
    state: at.state,
    reason: reasonOf(at),
    error: at.error,
    attempt: at.attempt,
    attempts: at.attempts,
    exitCode: at.exitCode,
    signal: at.signal,
    progress: at.progress,
    steps: at.steps,
    question: at.question,
    outcome: at.outcome,
    dueAt: isoTimeOrNull(at.dueAtMs),
    queuedAt: isoTime(row.queued_at),
    startedAt: isoTimeOrNull(at.startedAtMs),
    finishedAt: isoTimeOrNull(at.finishedAtMs),
    expiresAt: isoTimeOrNull(at.expiresAtMs),
    decidedBy: at.decidedBy,
    decidedAt: isoTimeOrNull(at.decidedAtMs),
    mode: row.mode,
    acknowledge: row.acknowledge,
    needsAttention,
    needsAcknowledgement: needsAttention === 'acknowledgement',
    acknowledgedAt: isoTimeOrNull(at.acknowledgedAtMs),
    acknowledgedBy: at.acknowledgedBy,
    note: at.note,
    retryOf: row.retry_of,
    ...(at.failureId === null ? {} : { failureId: at.failureId }),
  };
}

export function toRun(row: RunRow): Run {
  const unreadable: string[] = [];
  const run = describeRun(row, {
    state: row.state,
    reason: row.reason,
    error: row.error,
    attempt: row.attempt,
    attempts: row.attempts,
    exitCode: row.exit_code,
    signal: row.signal,
    progress: readPart(unreadable, 'progress', () => parseProgress(row.progress), null),
    steps: readPart(unreadable, 'steps', () => parseSteps(row.steps), null),
    question: readPart(unreadable, 'question', () => parseQuestion(row.question), null),
    outcome: readPart(unreadable, 'outcome', () => parseJson(row.outcome), null),
    isInInbox: row.inbox === 1,
    dueAtMs: row.due_at,
    startedAtMs: row.started_at,
    finishedAtMs: row.finished_at,
    expiresAtMs: row.expires_at,
    decidedBy: row.decided_by,
    decidedAtMs: row.decided_at,
    acknowledgedAtMs: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    note: row.note,
    failureId: row.failure_id,
  });
  return { ...run, ...listUnreadable(unreadable) };
}

const attemptRowSchema = runRowSchema.pick({
  attempt: true,
  state: true,
  reason: true,
  error: true,
  exit_code: true,
  signal: true,
  started_at: true,
  finished_at: true,
});
type AttemptRow = z.infer<typeof attemptRowSchema>;

export const parseAttemptRow = (row: unknown): AttemptRow => attemptRowSchema.parse(row);

export const toAttempt = (row: AttemptRow): Attempt => ({
  attempt: row.attempt,
  state: row.state,
  reason: reasonOf(row),
  exitCode: row.exit_code,
  signal: row.signal,
  error: row.error,
  startedAt: isoTimeOrNull(row.started_at),
  finishedAt: isoTimeOrNull(row.finished_at),
});
