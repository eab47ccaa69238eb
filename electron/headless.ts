import { join } from 'node:path';
import { catchEndSignals } from './runtime/end-signals.ts';
import type { WorkerFiles } from './runtime/runtime-types.ts';

// Before anything else is loaded, which takes half a second: a signal in that time is heard too.
const signals = catchEndSignals();

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
      configWorker: join(here, 'config-worker.js'),
    }
  : {
      readWorker: join(here, 'store/read/read-worker.ts'),
      indexWorker: join(here, 'store/search/index-worker.ts'),
      upkeepWorker: join(here, 'store/upkeep/upkeep-worker.ts'),
      scriptWorker: join(here, 'jobs/script-worker.ts'),
      guardian: join(here, 'jobs/guardian.ts'),
      configWorker: join(here, 'runtime/config/config-worker.ts'),
    };

const { runHeadless } = await import('./runtime/run-headless.ts');
await runHeadless({ signals, rendererDir, workerFiles });
