import { join } from 'node:path';
import { PrintAndExit, parseOptions } from './runtime/options.ts';
import { requestSignIn } from './runtime/request-sign-in.ts';
import { type Runtime, StartError, type WorkerFiles } from './runtime/runtime-types.ts';
import { startRuntime } from './runtime/start.ts';

// Built, this file is out/main/headless.js; from sources, electron/headless.ts (tests, benchmarks).
const here = import.meta.dirname;
const isBuilt = import.meta.filename.endsWith('.js');
const rendererDir = isBuilt ? join(here, '../renderer') : join(here, '../out/renderer');
const workerFiles: WorkerFiles = isBuilt
  ? {
      readWorker: join(here, 'read-worker.js'),
      indexWorker: join(here, 'index-worker.js'),
      upkeepWorker: join(here, 'upkeep-worker.js'),
      scriptWorker: join(here, 'script-worker.js'),
      guardian: join(here, 'guardian.js'),
    }
  : {
      readWorker: join(here, 'store/read-worker.ts'),
      indexWorker: join(here, 'store/index-worker.ts'),
      upkeepWorker: join(here, 'store/upkeep-worker.ts'),
      scriptWorker: join(here, 'jobs/script-worker.ts'),
      guardian: join(here, 'jobs/guardian.ts'),
    };

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env, 'headless');
  if (options.signIn) {
    const lines = await requestSignIn(options.dataDir);
    process.stdout.write(`${lines.join('\n')}\n`, () => process.exit(0));
    return;
  }
  const runtime = await startRuntime({ ...options, mode: 'headless', rendererDir, workerFiles });
  stopOnSignals(runtime);
  process.stdout.write(`receiver ${runtime.receiverUrl}/in/<source>\n`);
  // Standard output ends up in a service's log: what it shows opens one browser and then nothing more.
  process.stdout.write(`console ${runtime.createSignInUrl().url}\n`);
  process.stdout.write('Signs in one browser within 10 minutes; --sign-in prints another address.\n');
}

function stopOnSignals(runtime: Runtime): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    // A second signal while draining is somebody leaning on Ctrl+C: the drain is bounded anyway.
    if (isStopping) return;
    isStopping = true;
    runtime.stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        runtime.log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (process.platform === 'win32') process.on('SIGBREAK', stop);
}

main().catch((error: unknown) => {
  if (error instanceof PrintAndExit) {
    process.stdout.write(`${error.message}\n`);
    process.exit(0);
  }
  if (error instanceof StartError) {
    process.stderr.write(`signalbox: ${error.message}\n`);
    process.exit(error.exitCode);
  }
  process.stderr.write(`signalbox: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
