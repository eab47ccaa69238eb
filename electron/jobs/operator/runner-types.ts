import type { Approval } from '../../../shared/contract/approvals.ts';
import type { Json } from '../../../shared/contract/common.ts';
import type { Run } from '../../../shared/contract/runs.ts';
import type { RunEnd } from '../../runs/run-end.ts';
import type { AnswerValue } from '../run/question.ts';

export interface DecisionInput {
  ids: readonly string[];
  by: string;
  /** Tells people apart, for jobs that need another one's approval; see saverId. */
  byId?: string;
  note: string | null;
  /** Of the plan that was shown; for a single run. */
  digest?: string | undefined;
}

/** What became of an order for many runs. */
export interface ManyRuns {
  items: Run[];
  skipped: { id: string; reason: string }[];
}

export type AcknowledgeInput = Pick<DecisionInput, 'ids' | 'by' | 'note'>;

export interface AnswerInput {
  id: string;
  questionId: string;
  values: Record<string, AnswerValue>;
  by: string;
}

export interface GivenEvent {
  type: string;
  payload: Json;
  context?: Json | undefined;
}

export type TestRunInput =
  | { slug: string; eventId: string }
  /** Without an event: one of type `test` with an empty payload. */
  | { slug: string; event?: GivenEvent | undefined };

export interface JobRunner {
  /** Reaps what an earlier process left, settles interrupted runs, then claims. Resolves when that is on disk. */
  start(): Promise<void>;
  /** Keeps a process up for the first few of these jobs that are scripts, so that their next runs need not wait for one. */
  warmUp(jobs: Iterable<string>): void;
  /** As after the system slept: looks at everything that waits. */
  wake(): void;
  /**
   * For a run that a sender waits for: it is claimed before all others, as soon as the limits allow. `onEnd` is called
   * when the end of an attempt is on disk. Returns a function that stops waiting, which changes nothing for the run.
   */
  prioritize(run: { seq: number; job: string }, onEnd: (end: RunEnd) => void): () => void;
  /** What a pending run would execute, and how that differs from what was approved before. Throws AppError. */
  approval(id: string): Promise<Approval>;
  /** Its digest alone, read anew. Throws AppError. */
  approvalDigest(id: string): Promise<string>;
  /** Why this person cannot approve it; null when they can. Throws AppError. */
  approvalRefusal(id: string, byId: string): string | null;
  /** Pending runs join their queues: all of them or none. Throws AppError. */
  approve(input: DecisionInput): Promise<Run[]>;
  /** Pending runs are canceled: all of them or none. Throws AppError. */
  reject(input: DecisionInput): Promise<Run[]>;
  /** Answers the open question of a running run. Throws AppError. */
  answer(input: AnswerInput): Promise<Run>;
  /** A waiting run is canceled immediately; a running one when its processes have ended. Throws AppError. */
  cancel(id: string): Promise<Run>;
  /** A finished run gets a new run; a scheduled one starts without waiting. Throws AppError. */
  retry(id: string): Promise<Run>;
  /** Each that can be; the others stay as they are. */
  cancelMany(ids: readonly string[]): Promise<ManyRuns>;
  /** Each that can be; the others stay as they are. */
  retryMany(ids: readonly string[]): Promise<ManyRuns>;
  /** Runs that have ended leave the inbox: all of them or none. Throws AppError. */
  acknowledge(input: AcknowledgeInput): Promise<Run[]>;
  /** Undoes that. */
  unacknowledge(ids: readonly string[]): Promise<Run[]>;
  testRun(input: TestRunInput): Promise<{ runId: string; eventId: string }>;
  /** Puts on disk what a running run has written and said so far, so that a read finds it. */
  flushOutput(id: string): Promise<void>;
  /** With true nothing more is claimed, and what runs goes on; with false claiming goes on. */
  hold(isHeld: boolean): void;
  /** Claims nothing more, lets runs end for half of the time, then ends them. Resolves when no process is left. */
  stop(graceMs: number): Promise<void>;
  /** Scheduled runs do not count. */
  counts(): { waiting: number; running: number };
  runningOf(job: string): number;
}
