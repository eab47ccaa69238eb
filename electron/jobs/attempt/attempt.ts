import type { Json } from '../../../shared/contract/common.ts';
import type { Progress, RunReason } from '../../../shared/contract/runs.ts';
import type { ClaimedEvent, ClaimRow } from '../../store/runs/run-claims.ts';
import type { SecretMasks } from '../masks/secret-masks.ts';
import type { RunOutput } from '../output/run-output.ts';
import type { StepChange } from '../output/run-steps.ts';
import type { Left } from '../process/left-processes.ts';
import type { CatalogJob } from './job-catalog.ts';

/** What a job handed back, as JSON text for the store and as a value for the outcome's event. */
export interface JobOutcome {
  text: string;
  value: Json;
}

/** How the processes of an attempt ended, before the runner says what that means for the run. */
export interface AttemptResult {
  state: 'completed' | 'failed';
  reason: RunReason;
  error: string | null;
  exitCode: number | null;
  signal: string | null;
  outcome: JobOutcome | null;
  /** Of a failed one: no attempt may follow, or none before this many milliseconds. */
  retry?: 'never' | { afterMs: number } | undefined;
}

export const failedResult = (reason: RunReason, error: string): AttemptResult => ({
  state: 'failed',
  reason,
  error,
  exitCode: null,
  signal: null,
  outcome: null,
});

/** Why an attempt is made to end before it has. */
export type StopReason = 'timeout' | 'canceled' | 'interrupted' | 'limit';

/** An attempt whose processes are alive. `stop` asks them to end, makes them after `graceMs` (the app's, if absent), and is final. */
export interface AttemptProcess {
  stop(why: string, graceMs?: number, reason?: StopReason): void;
  /** Writes a line to its standard input; absent: that is closed. */
  tell?: ((line: string) => void) | undefined;
}

/** Files that may be loaded as they were approved, and no other way. */
export interface ApprovedFiles {
  /** Of all that was approved. */
  digest: string;
  /** Absolute path → SHA-256. */
  contents: ReadonlyMap<string, string>;
}

/** What a job wants of the app and waits for. `input` is checked here: it comes from the job. */
export interface JobRequest {
  kind: 'raise' | 'ask';
  input: unknown;
}

/** What a runner of processes needs of an attempt. */
export interface AttemptStart {
  run: ClaimRow;
  /** Counts from 1. */
  attempt: number;
  job: CatalogJob;
  /** The event's document as JSON text; of a batch it has all of them. Empty for requests, which print what they send. */
  event: string;
  /** The events that it gets together, oldest first; null: its own alone. */
  batch: readonly ClaimedEvent[] | null;
  masks: SecretMasks;
  /** Null: it needed no approval. */
  approved: ApprovedFiles | null;
  /** Folder for files that outlive the attempt; not there yet. */
  filesDir: string;
  /** Made at first use: most runs of quick scripts never write a line. */
  output(): RunOutput;
  onProgress(progress: Progress): void;
  /** Resolves with what the job is to be told; rejects with AppError. */
  onRequest(request: JobRequest): Promise<Json>;
  onPlan(names: string[]): void;
  onPart(change: StepChange): void;
  /** Processes were still there at its end; may come after that. */
  onLeft(left: Left): void;
  /** Once, when no process of the attempt is left, but for those that the job may leave. */
  onEnd(result: AttemptResult): void;
}
