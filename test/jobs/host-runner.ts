import { join, resolve } from 'node:path';
import pino from 'pino';
import { createJobCatalog } from '../../electron/jobs/job-catalog.ts';
import { createJobEnvironment } from '../../electron/jobs/job-environment.ts';
import { createJobRunner } from '../../electron/jobs/runner.ts';
import type { JobRunner, JobRunnerDeps } from '../../electron/jobs/runner-types.ts';
import { openWritable } from '../../electron/store/open.ts';
import { createWriter } from '../../electron/store/writer.ts';
import type { JobSpec } from '../../shared/contract/jobs.ts';
import { throwingWriterDeps } from '../support/throwing-writer.ts';

/** The real runner in a process of its own, which a test may kill or start in odd ways. */
export async function startHost(
  dir: string,
  specs: JobSpec[],
  onRunEnded: JobRunnerDeps['onRunEnded'] = () => undefined,
): Promise<JobRunner> {
  const db = openWritable(join(dir, 'host.db'));
  const catalog = createJobCatalog();
  catalog.replaceAll(specs.map((spec) => ({ spec, baseDir: null, version: 1 })));
  const log = pino({ level: 'silent' });
  const nothing = { eventSeqs: [], deliverySeq: null, jobs: [], listeners: [] };
  const source = (file: string): string => resolve(import.meta.dirname, '../../electron/jobs', file);
  const runner = createJobRunner({
    db,
    writer: createWriter(db, throwingWriterDeps),
    catalog,
    intake: { recordRunEvent: () => nothing, announce: () => undefined, hasListenerFor: () => false },
    raise: () => Promise.reject(new Error('nothing is raised here')),
    jobsUser: null,
    environment: createJobEnvironment({ inheritedNames: () => [], log }),
    readSecret: () => '',
    dataDir: dir,
    workerFiles: { scriptWorker: source('script-worker.ts'), guardian: source('guardian.ts') },
    settings: () => ({ concurrency: 4 }),
    log,
    hasListeners: () => false,
    onRunsChanged: () => undefined,
    onProgress: () => undefined,
    onOutput: () => undefined,
    onRunEnded,
  });
  await runner.start();
  return runner;
}
