import { join } from 'node:path';
import type { WorkerFiles } from './runtime-types.ts';

export interface ProgramFiles {
  rendererDir: string;
  workerFiles: WorkerFiles;
}

/**
 * The files that belong to an entry, by its `import.meta`. Built, an entry is out/main/<name>.js; from sources,
 * electron/<name>.ts (tests, benchmarks).
 */
export function programFiles({ dirname, filename }: { dirname: string; filename: string }): ProgramFiles {
  const isBuilt = filename.endsWith('.js');
  const at = (built: string, source: string): string => join(dirname, isBuilt ? built : source);
  return {
    rendererDir: at('../renderer', '../out/renderer'),
    workerFiles: {
      readWorker: at('read-worker.js', 'store/read/read-worker.ts'),
      indexWorker: at('index-worker.js', 'store/search/index-worker.ts'),
      upkeepWorker: at('upkeep-worker.js', 'store/upkeep/upkeep-worker.ts'),
      scriptWorker: at('script-worker.js', 'jobs/script-worker.ts'),
      guardian: at('guardian.js', 'jobs/guardian.ts'),
      configWorker: at('config-worker.js', 'runtime/config/config-worker.ts'),
    },
  };
}
