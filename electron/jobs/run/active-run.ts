import type { Progress, Question, Step } from '../../../shared/contract/runs.ts';
import type { RunningRun } from '../../runs/running-run.ts';
import type { AttemptEnd, ClaimRow } from '../../store/runs/run-claims.ts';
import type { AttemptProcess, JobOutcome, StopReason } from '../attempt/attempt.ts';
import type { CatalogJob } from '../attempt/job-catalog.ts';
import { SecretMasks } from '../masks/secret-masks.ts';
import type { RunOutput } from '../output/run-output.ts';
import type { PendingQuestion } from './question.ts';

/** What a run says of itself while it runs. */
export type ReportedEventType = 'job:updated' | 'job:parts-completed';

/** Why a run was told to end before it had. */
export interface StopCause {
  reason: StopReason;
  error: string | null;
}

/** A run between its claim and its end. */
export interface ActiveRun extends RunningRun {
  row: ClaimRow;
  /** Null when the job was removed while the run waited. */
  job: CatalogJob | null;
  /** By performance.now(), which no change of the clock moves. */
  deadlineMs: number;
  process: AttemptProcess | null;
  stop: StopCause | null;
  output: RunOutput | null;
  progress: Progress | null;
  /** The job says itself how far it is, so that its steps do not. */
  hasOwnProgress: boolean;
  steps: Step[] | null;
  question: Question | null;
  /** Whether it has said its plan, and whether that all of it is done was told. */
  plan: 'none' | 'open' | 'done';
  masks: SecretMasks;
  /** The first is open, the others wait for it. */
  questions: PendingQuestion[];
  /** Says that a question was not answered in time; null again after the next answer. */
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
  question: null,
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
  outcome: JobOutcome | null;
  /** `requeue`: the app's own end cut it short. */
  next: { kind: 'final' } | { kind: 'retry'; dueAtMs: number } | { kind: 'requeue' } | Unapproved;
}
