import type { Json } from '../../shared/contract/common.ts';
import type { Progress, Question, Run, Step } from '../../shared/contract/runs.ts';
import type { AttemptEnd } from '../store/runs/run-claims.ts';
import { describeRun, type RunIdentity, type RunRow, type RunStanding, toRun } from '../store/runs/run-rows.ts';

/** A run between its claim and the end of its attempt. */
export interface RunningRun {
  readonly row: RunIdentity & Pick<RunRow, 'seq' | 'attempts' | 'depth' | 'decided_by' | 'decided_at' | 'note'>;
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly progress: Progress | null;
  readonly steps: Step[] | null;
  /** The one that is open. */
  readonly question: Question | null;
}

/** How its attempt has ended. `end` has `progress`, `steps` and `outcome` as text, for the store. */
export interface EndedAttempt {
  readonly run: RunningRun;
  readonly end: AttemptEnd;
  readonly outcome: Json;
}

/** One that the store calls running, though this process has not claimed it. */
export function readRunning(row: RunRow): RunningRun {
  const { progress, steps } = toRun(row);
  return { row, attempt: row.attempt, startedAtMs: row.started_at ?? 0, progress, steps, question: null };
}

/** `change`: what a transition has made of it. */
export const describeRunning = (run: RunningRun, change: Partial<RunStanding> = {}): Run =>
  describeRun(run.row, {
    state: run.question === null ? 'running' : 'interaction_required',
    reason: null,
    error: null,
    attempt: run.attempt,
    attempts: run.row.attempts,
    exitCode: null,
    signal: null,
    progress: run.progress,
    steps: run.steps,
    question: run.question,
    outcome: null,
    isInInbox: run.question !== null,
    failureId: null,
    dueAtMs: null,
    startedAtMs: run.startedAtMs,
    finishedAtMs: null,
    expiresAtMs: null,
    decidedBy: run.row.decided_by,
    decidedAtMs: run.row.decided_at,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    note: run.row.note,
    ...change,
  });
