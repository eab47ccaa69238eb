import type { Logger } from 'pino';
import type { SecretRef } from '../../../shared/contract/common.ts';
import type { Raise } from '../../intake/raise.ts';
import type { Bus } from '../../runs/announcements.ts';
import type { RunLifecycle } from '../../runs/lifecycle.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import type { Commands } from '../../store/write/commands.ts';
import type { Writer } from '../../store/write/writer.ts';
import type { ClaimGate } from '../attempt/claim-gate.ts';
import type { JobCatalog } from '../attempt/job-catalog.ts';
import type { RequestAttempts } from '../attempt/request-attempts.ts';
import type { JobsUser } from '../process/jobs-user.ts';
import type { JobEnvironment } from '../programs/job-environment.ts';

/** What sharing runs with other nodes takes; the log of the cluster decides what happens. */
export interface SharedRuns {
  commands: Commands;
  share<A extends unknown[], T>(name: string, method: (...args: A) => Promise<T>): (...args: A) => Promise<T>;
  /** Where this store alone is written. */
  ownWriter: Writer;
  node: { id: string; name: string };
  /** This process in the log; another one after it was given up. */
  member(): string;
  /** It was given up by others, who have its runs now: it goes on as another member. */
  beginAgain(): void;
  /** Whether this node runs jobs. */
  isWorker: boolean;
  /** Whether this node does what one node is enough for. */
  isFirst(): boolean;
}

export interface JobRunnerDeps {
  /** For reads by key; writes go through `writer`. */
  db: ReadableDb;
  writer: Writer;
  catalog: JobCatalog;
  bus: Bus;
  lifecycle: RunLifecycle;
  /** Raises the events that jobs ask for. */
  raise: Raise;
  /** Reads a secret at use. Throws AppError when it cannot. */
  readSecret: (ref: SecretRef) => string;
  /** Runs of jobs that send requests. */
  requests: RequestAttempts;
  /** What holds them back. */
  gate: ClaimGate;
  /** Absolute. Holds `jobs/` (scripts), `work/` (a folder a job), `run-files/` (what runs leave) and `run-temp/` (while they run). */
  dataDir: string;
  /** Jobs run as this user; null: as the app's own. */
  jobsUser: JobsUser | null;
  /** Paths or `file:` URLs of the entry files of the app's own children. */
  workerFiles: { scriptWorker: string | URL; guardian: string | URL };
  settings: () => { concurrency: number };
  environment: JobEnvironment;
  log: Logger;
  nowMs?: () => number;
  /** Whether runs are shown anywhere: if not, no run is described and no line is copied. */
  isWatched: () => boolean;
  /** From the polite request to end until KILL; 10 s. */
  killGraceMs?: number;
  /** Present in a cluster, whose nodes share the runs. */
  shared?: SharedRuns | undefined;
}
