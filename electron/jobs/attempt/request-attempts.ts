import type { HttpJobSpec } from '../../../shared/contract/jobs.ts';
import type { AttemptProcess, AttemptStart } from './attempt.ts';

/** Runs of jobs that send requests: they need no process, and are made within the app. */
export interface RequestAttempts {
  /** Values of all its secrets, to be masked. Throws AppError when one cannot be read. */
  secretsOf(spec: HttpJobSpec): string[];
  /** `start.onEnd` comes later in any case, never within this call. */
  start(start: AttemptStart, spec: HttpJobSpec): AttemptProcess;
  /** Closes all connections. */
  stop(): void;
}
