// A small app around the runner, for tests that kill it: runs a command and a script that would go on for minutes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pino from 'pino';
import { createJobCatalog } from '../../electron/jobs/job-catalog.ts';
import { createJobEnvironment } from '../../electron/jobs/job-environment.ts';
import { createJobRunner } from '../../electron/jobs/runner.ts';
import { openWritable } from '../../electron/store/open.ts';
import { createWriter } from '../../electron/store/writer.ts';

const [, , dir = ''] = process.argv;
const db = openWritable(join(dir, 'host.db'));
const catalog = createJobCatalog();
mkdirSync(join(dir, 'jobs'), { recursive: true });
writeFileSync(
  join(dir, 'jobs/long.mjs'),
  `import { spawn } from 'node:child_process';
   export default () => { spawn('sleep', ['307'], { detached: true }); return new Promise(() => setInterval(() => {}, 1000)); };`,
);
catalog.replaceAll([
  {
    spec: { slug: 'command', kind: 'command', command: ['sh', '-c', 'sleep 308 & setsid sleep 309 & wait'] },
    baseDir: null,
    version: 1,
  },
  { spec: { slug: 'script', kind: 'script', file: 'long.mjs' }, baseDir: null, version: 1 },
]);
const nothing = { eventSeqs: [], deliverySeq: null, jobs: [], listeners: [] };
const source = (file: string): string => resolve(import.meta.dirname, '../../electron/jobs', file);
const runner = createJobRunner({
  db,
  writer: createWriter(db, console.error),
  catalog,
  intake: { recordRunEvent: () => nothing, announce: () => undefined, hasListenerFor: () => false },
  raise: () => Promise.reject(new Error('nothing is raised here')),
  environment: createJobEnvironment({ inheritedNames: () => [], log: pino({ level: 'silent' }) }),
  readSecret: () => '',
  dataDir: dir,
  workerFiles: { scriptWorker: source('script-worker.ts'), guardian: source('guardian.ts') },
  settings: () => ({ concurrency: 4 }),
  log: pino({ level: 'silent' }),
  hasListeners: () => false,
  onRunsChanged: () => undefined,
  onProgress: () => undefined,
  onOutput: () => undefined,
});
await runner.start();
await runner.testRun({ slug: 'command' });
await runner.testRun({ slug: 'script' });
console.log('both asked for');
