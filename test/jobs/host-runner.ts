import { join, resolve } from 'node:path';
import pino from 'pino';
import { createJobCatalog } from '../../electron/jobs/attempt/job-catalog.ts';
import type { JobRunner } from '../../electron/jobs/operator/runner-types.ts';
import { createJobEnvironment } from '../../electron/jobs/programs/job-environment.ts';
import { createListenerIndex } from '../../electron/listeners/listener-index.ts';
import { createBus } from '../../electron/runs/announcements.ts';
import { createEngine } from '../../electron/runtime/engine.ts';
import { openWritable } from '../../electron/store/database/open.ts';
import { createWriter } from '../../electron/store/write/writer.ts';
import type { JobSpec } from '../../shared/contract/jobs.ts';
import type { RunState } from '../../shared/contract/runs.ts';
import { throwingWriterDeps } from '../support/throwing-writer.ts';

/** The real runner in a process of its own, which a test may kill or start in odd ways. */
export async function startHost(
  dir: string,
  specs: JobSpec[],
  onRunEnded: (job: string, state: RunState) => void = () => undefined,
): Promise<JobRunner> {
  const db = openWritable(join(dir, 'host.db'));
  const catalog = createJobCatalog();
  catalog.replaceAll(specs.map((spec) => ({ spec, baseDir: null, version: 1 })));
  const log = pino({ level: 'silent' });
  const source = (file: string): string => resolve(import.meta.dirname, '../../electron/jobs', file);
  const bus = createBus();
  bus.on('run.ended', onRunEnded);
  const { runner } = createEngine({
    db,
    writer: createWriter(db, throwingWriterDeps),
    bus,
    listeners: createListenerIndex(),
    catalog,
    jobsUser: null,
    signToken: async () => 'token',
    onDestinationChanged: () => undefined,
    environment: createJobEnvironment({ inheritedNames: () => [], log }),
    readSecret: () => '',
    dataDir: dir,
    workerFiles: { scriptWorker: source('script-worker.ts'), guardian: source('guardian.ts') },
    settings: () => ({ concurrency: 4 }),
    log,
    nowMs: Date.now,
    isWatched: () => false,
    onChanged: () => undefined,
  });
  await runner.start();
  return runner;
}
