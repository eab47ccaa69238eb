// The app's script worker. Kept compiled, as in compile-cache.ts: jobs are given no variable that would do it.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '../../.cache/compiled'));
await import('../../electron/jobs/script-worker.ts');
