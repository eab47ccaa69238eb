import type { Readable } from 'node:stream';
import type { EndSignals } from '../runtime/headless/end-signals.ts';
import type { ProgramFiles } from '../runtime/program-files.ts';
import type { ExitReason } from './exit-codes.ts';
import type { TextStream } from './output/output.ts';

/** What commands get of the process around them. */
export interface CliContext {
  stdin: Readable;
  stdout: TextStream;
  stderr: TextStream;
  env: NodeJS.ProcessEnv;
  files: ProgramFiles;
  /** The arguments as they were given, without the program's own names. */
  argv: readonly string[];
  /** Of `start` alone; other commands end as the system does it, or by `interrupted`. */
  signals: EndSignals | null;
  /** Aborted at Ctrl-C; from the first call on, Ctrl-C no longer ends the process. */
  interrupted(): AbortSignal;
  /** For a command that has done its work and found something wrong. */
  endWith(reason: ExitReason): void;
}
