import type { Progress, Run, RunState, Step } from '../../shared/contract/runs.ts';
import type { AttemptEnd, ClaimRow } from '../store/runs/run-claims.ts';
import { attentionFor } from '../store/runs/run-rows.ts';
import { isoTime, isoTimeOrNull } from '../store/times.ts';
import type { AttemptProcess, Outcome } from './attempt.ts';
import type { CatalogJob } from './job-catalog.ts';
import type { PendingQuestion } from './questions.ts';
import type { RunOutput } from './run-output.ts';
import { SecretMasks } from './secret-masks.ts';

/** Why a run was told to end before it had. */
export interface StopOrder {
  reason: 'timeout' | 'canceled' | 'interrupted' | 'limit';
  error: string | null;
}

/** A run between its claim and its end. */
export interface ActiveRun {
  row: ClaimRow;
  attempt: number;
  /** Null when the job was removed while the run waited. */
  job: CatalogJob | null;
  startedAtMs: number;
  /** By performance.now(), which no change of the clock moves. */
  deadlineMs: number;
  process: AttemptProcess | null;
  stop: StopOrder | null;
  output: RunOutput | null;
  progress: Progress | null;
  /** The job says itself how far it is, so that its steps do not. */
  hasOwnProgress: boolean;
  steps: Step[] | null;
  /** Whether it has said its plan, and whether that all of it is done was told. */
  plan: 'none' | 'open' | 'done';
  masks: SecretMasks;
  /** The first is open, the others wait for it. */
  questions: PendingQuestion[];
  /** What nobody answered, until an answer comes. */
  unanswered: string | null;
  /** Events it has raised, and their bytes. */
  raised: number;
  raisedBytes: number;
  /** Questions it has asked, refused ones included. */
  asked: number;
  /** A limit was met: says so in the run, once for each. */
  noteLimit: (limit: string, text: string) => void;
  /** What it asked of the app without waiting for it; its end waits for them. */
  underWay: Set<Promise<unknown>>;
  /** Not told yet to those who watch. */
  isProgressNew: boolean;
  isProgressStored: boolean;
  progressStoredAtMs: number;
}

const noMasks = new SecretMasks();

export const claimedRun = (row: ClaimRow, job: CatalogJob | null, startedAtMs: number): ActiveRun => ({
  row,
  attempt: row.attempt + 1,
  job,
  startedAtMs,
  deadlineMs: performance.now() + (job?.timeoutMs ?? 0),
  process: null,
  stop: null,
  output: null,
  progress: null,
  hasOwnProgress: false,
  steps: null,
  plan: 'none',
  masks: noMasks,
  questions: [],
  unanswered: null,
  raised: 0,
  raisedBytes: 0,
  asked: 0,
  noteLimit: () => undefined,
  underWay: new Set(),
  isProgressNew: false,
  isProgressStored: true,
  progressStoredAtMs: 0,
});

/** What was approved is not what would run: nothing was started, and another approval is needed. */
export interface Unapproved {
  kind: 'pending';
  note: string;
  expiresAtMs: number;
}

/** How the active run ended, and what follows. */
export interface Finish {
  run: ActiveRun;
  end: AttemptEnd;
  outcome: Outcome | null;
  /** `requeue`: the app's own end cut it short. */
  next: { kind: 'final' } | { kind: 'retry'; dueAtMs: number } | { kind: 'requeue' } | Unapproved;
}

/** Who failed waits in the inbox, and who completed when its job asks for an acknowledgement. */
export const belongsInInbox = (state: RunState, acknowledge: 'required' | 'none'): boolean =>
  state === 'failed' || (state === 'completed' && acknowledge === 'required');

/** The run as the console shows it, without asking the database again. */
export function describeRun(run: ActiveRun, finish: Finish | null = null): Run {
  const { row } = run;
  const end = finish?.end;
  const isRetried = finish?.next.kind === 'retry';
  const pending = finish?.next.kind === 'pending' ? finish.next : null;
  const question = finish === null ? (run.questions[0]?.question ?? null) : null;
  const state = finish === null && question !== null ? 'interaction_required' : stateOf(finish);
  const isInInbox = finish?.next.kind === 'final' && belongsInInbox(state, row.acknowledge);
  return {
    id: row.id,
    eventId: row.event_id,
    eventType: row.event_type,
    source: row.source,
    listener: row.listener,
    job: row.job,
    state,
    reason: end?.reason ?? null,
    error: end?.error ?? null,
    attempt: pending === null ? run.attempt : run.attempt - 1,
    attempts: row.attempts,
    exitCode: end?.exitCode ?? null,
    signal: end?.signal ?? null,
    progress: isRetried ? null : run.progress,
    steps: isRetried || pending !== null ? null : run.steps,
    question,
    outcome: finish?.outcome?.value ?? null,
    dueAt: finish?.next.kind === 'retry' ? isoTime(finish.next.dueAtMs) : null,
    queuedAt: isoTime(row.queued_at),
    startedAt: pending === null ? isoTime(run.startedAtMs) : null,
    finishedAt: end === undefined || pending !== null ? null : isoTime(end.finishedAtMs),
    expiresAt: isoTimeOrNull(pending?.expiresAtMs ?? null),
    decidedBy: pending === null ? row.decided_by : null,
    decidedAt: pending === null ? isoTimeOrNull(row.decided_at) : null,
    mode: row.mode,
    acknowledge: row.acknowledge,
    needsAttention: pending !== null || question !== null || isInInbox ? attentionFor(state) : null,
    needsAcknowledgement: isInInbox,
    acknowledgedAt: null,
    acknowledgedBy: null,
    note: pending?.note ?? row.note,
    retryOf: row.retry_of,
  };
}

function stateOf(finish: Finish | null): RunState {
  if (finish === null) return 'running';
  switch (finish.next.kind) {
    case 'retry':
      return 'scheduled';
    case 'requeue':
      return 'queued';
    case 'pending':
      return 'pending';
    case 'final':
      return finish.end.state;
  }
}
