import { PrintAndExit, StartError } from '../../upkeep/start-error.ts';
import { parseOptions } from '../options.ts';
import type { ProgramFiles } from '../program-files.ts';
import type { Runtime } from '../runtime-types.ts';
import { startRuntime } from '../start.ts';
import type { EndSignals } from './end-signals.ts';
import { requestSignIn } from './request-sign-in.ts';

export interface HeadlessDeps extends ProgramFiles {
  signals: EndSignals;
  /** The options, without the program's own names. */
  argv: readonly string[];
}

/** The app without a window, from the command line to the exit code. */
export async function runHeadless({ signals, argv, rendererDir, workerFiles }: HeadlessDeps): Promise<void> {
  const { ending } = signals;
  try {
    const options = parseOptions(argv, process.env, 'headless');
    if (options.signIn) throw new PrintAndExit((await requestSignIn(options.dataDir)).join('\n'));
    const runtime = await startRuntime({ ...options, mode: 'headless', rendererDir, workerFiles, ending });
    if (ending.aborted) return await end(runtime, ending);
    ending.addEventListener('abort', () => void end(runtime, ending));
    signals.onReload(() => runtime.reload());
    process.stdout.write(`receiver ${runtime.receiverUrl}/in/<source>\n`);
    // Standard output ends up in a service's log: what it shows opens one browser and then nothing more.
    process.stdout.write(`console ${runtime.createSignInUrl().url}\n`);
    process.stdout.write('Signs in one browser within 10 minutes; --sign-in prints another address.\n');
  } catch (error) {
    // Told to end while it started: what was open is closed again, and that is no failure.
    if (ending.aborted) process.exit(0);
    failToStart(error);
  }
}

async function end(runtime: Runtime, ending: AbortSignal): Promise<void> {
  try {
    await runtime.stop(String(ending.reason));
  } catch (error) {
    runtime.log.error({ err: error }, 'stopping failed');
    process.exit(1);
  }
  process.exit(0);
}

function failToStart(error: unknown): void {
  if (error instanceof PrintAndExit) {
    process.stdout.write(`${error.message}\n`, () => process.exit(0));
    return;
  }
  if (error instanceof StartError) {
    process.stderr.write(`signalbox: ${error.message}\n`);
    process.exit(error.exitCode);
  }
  process.stderr.write(`signalbox: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
