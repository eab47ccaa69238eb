import { CommanderError } from 'commander';
import { AppError } from '../../shared/contract/errors.ts';
import { asSentence } from '../../shared/error-text.ts';
import type { EndSignals } from '../runtime/headless/end-signals.ts';
import type { ProgramFiles } from '../runtime/program-files.ts';
import { StartError } from '../upkeep/start-error.ts';
import type { CliContext } from './cli-context.ts';
import { CliError, type ExitReason, exitCodes, exitReasonOf } from './exit-codes.ts';
import { createProgram } from './program.ts';

export interface CliDeps {
  argv: readonly string[];
  signals: EndSignals | null;
  files: ProgramFiles;
}

/** The command `signalbox`, from its arguments to the exit code. */
export async function runCli({ argv, signals, files }: CliDeps): Promise<void> {
  let ended: ExitReason = 'done';
  let interrupted: AbortSignal | null = null;
  const cli: CliContext = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    files,
    argv,
    signals,
    interrupted() {
      interrupted ??= abortAtSignals();
      return interrupted;
    },
    endWith(reason) {
      ended = reason;
    },
  };
  endWithReader();
  try {
    await createProgram(cli).parseAsync([...argv], { from: 'user' });
  } catch (error) {
    ended = report(error);
  }
  // Not process.exit: what is written to a pipe would be cut off. `start` decides about its own end.
  process.exitCode = exitCodes[ended][0];
}

function abortAtSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort(signal));
  return controller.signal;
}

/** `signalbox tail | head` ends when head does, and that is no failure. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/** Says what went wrong, and gives the exit code's name. */
function report(error: unknown): ExitReason {
  // commander has written its own sentence.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'done' : 'usage';
  const say = (text: string): void => void process.stderr.write(`signalbox: ${asSentence(text)}\n`);
  if (error instanceof CliError) {
    say(error.message);
    return error.reason;
  }
  if (error instanceof AppError) {
    say(error.message);
    for (const { message } of error.code === 'invalid_config' ? (error.details ?? []) : []) say(message);
    return exitReasonOf(error.code);
  }
  if (error instanceof StartError) {
    say(error.message);
    return 'usage';
  }
  process.stderr.write(`signalbox: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 'failed';
}
