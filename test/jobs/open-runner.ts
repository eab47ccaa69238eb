import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pino from 'pino';
import { expect, onTestFinished } from 'vitest';
import { createJobCatalog, type JobDefinition } from '../../electron/jobs/attempt/job-catalog.ts';
import { createJobEnvironment, type JobEnvironment } from '../../electron/jobs/programs/job-environment.ts';
import { createListenerIndex } from '../../electron/listeners/listener-index.ts';
import { createBus } from '../../electron/runs/announcements.ts';
import { createEngine, type EngineDeps } from '../../electron/runtime/engine.ts';
import { statement } from '../../electron/store/database/statements.ts';
import { findRun } from '../../electron/store/runs/find-run.ts';
import { readOutput } from '../../electron/store/runs/run-output.ts';
import type { RunRow } from '../../electron/store/runs/run-rows.ts';
import type { ListenerBatch } from '../../shared/contract/batches.ts';
import type { Json } from '../../shared/contract/common.ts';
import type { JobSpec } from '../../shared/contract/jobs.ts';
import type { OutputLine, Progress, Run } from '../../shared/contract/runs.ts';
import { eventually } from '../support/eventually.ts';
import { delivery, draft, listener, type TempStore, tempStore } from '../support/temp-store.ts';

const source = (file: string): string => resolve(import.meta.dirname, '../../electron/jobs', file);
export const workerFiles = {
  scriptWorker: resolve(import.meta.dirname, '../support/script-worker.mjs'),
  guardian: source('guardian.ts'),
};

/** Without its defaults a spec of the test is as short as one in a config file. */
type Spec = JobSpec;

export const defined = (spec: Spec, baseDir: string | null = null, version = 1): JobDefinition => ({
  spec,
  baseDir,
  version,
});

export interface OpenOptions {
  store?: TempStore;
  concurrency?: number;
  killGraceMs?: number;
  secrets?: Record<string, string>;
  /** Listeners on `signalbox`, by type pattern. */
  chain?: { slug: string; type: string; job: string }[];
  isWatched?: boolean;
  environment?: JobEnvironment;
  /** In place of the app's own. */
  scriptWorker?: string;
  /** Names of variables that every job inherits. */
  inheritEnv?: string[];
  /** In place of the machine's. */
  clock?: { nowMs: number };
  /** Jobs whose listeners ask for an approval. */
  approvalFor?: string[];
  /** How the listeners of all jobs gather. */
  batch?: ListenerBatch;
}

/** The real runner over a real store and intake: each job gets a listener for events of its own slug as type. */
export function openRunner(jobs: JobDefinition[], options: OpenOptions = {}) {
  const store = options.store ?? tempStore();
  const listeners = createListenerIndex();
  const catalog = createJobCatalog();
  catalog.replaceAll(jobs);
  listeners.replaceAll([
    ...jobs.map(({ spec }) =>
      listener({
        slug: `on-${spec.slug}`,
        source: 'crm',
        type: [spec.slug],
        job: spec.slug,
        approval: options.approvalFor?.includes(spec.slug) === true ? 'required' : 'none',
        batch: options.batch,
      }),
    ),
    ...(options.chain ?? []).map((one) => listener({ ...one, source: 'signalbox', type: [one.type] })),
  ]);
  const log = pino({ level: 'silent' });
  const changes: Run[] = [];
  const progress: { id: string; progress: Progress }[] = [];
  const lines: (OutputLine & { runId: string })[] = [];
  const bus = createBus();
  bus.on('runs.changed', (runs) => changes.push(...runs));
  bus.on('run.progressed', (id, value) => progress.push({ id, progress: value }));
  bus.on('run.wrote', (runId, _attempt, written) => lines.push(...written.map((line) => ({ ...line, runId }))));
  const deps: EngineDeps = {
    db: store.db,
    writer: store.writer,
    bus,
    listeners,
    catalog,
    readSecret: (ref) => ('secret' in ref ? (options.secrets?.[ref.secret] ?? '') : ''),
    jobsUser: null,
    signToken: async () => 'token',
    onDestinationChanged: () => undefined,
    environment: options.environment ?? createJobEnvironment({ inheritedNames: () => options.inheritEnv ?? [], log }),
    dataDir: store.dir,
    workerFiles: { ...workerFiles, scriptWorker: options.scriptWorker ?? workerFiles.scriptWorker },
    settings: () => ({ concurrency: options.concurrency ?? 4 }),
    log,
    nowMs: options.clock === undefined ? Date.now : () => options.clock?.nowMs ?? 0,
    isWatched: () => options.isWatched ?? true,
    onChanged: () => undefined,
    killGraceMs: options.killGraceMs ?? 500,
  };
  const engine = createEngine(deps);
  const { runner, intake, schedule, batches } = engine;
  let isStopped = false;
  const stop = async (graceMs = 1000): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await schedule.stop();
    await batches.stop();
    await runner.stop(graceMs);
    engine.destinations.stop();
    await store.writer.drain();
  };
  onTestFinished(async () => {
    await stop();
    expect(marked(store.dir), 'processes left behind').toEqual([]);
  });

  return {
    ...engine,
    store,
    bus,
    listeners,
    catalog,
    deps,
    changes,
    progress,
    lines,
    stop,
    /** Sends an event of type `job` and gives the id of the run it planned. */
    async post(job: string, payload: Json = {}): Promise<string> {
      const [id] = await this.postMany(job, [payload]);
      if (id === undefined) throw new Error(`no run was planned for ${job}`);
      return id;
    },
    async postMany(job: string, payloads: Json[]): Promise<string[]> {
      const { eventIds } = await intake.accept(delivery(payloads.map((payload) => draft({ type: job, payload }))));
      const ids = statement(
        store.db,
        `SELECT r.id FROM runs r JOIN events e ON e.seq = r.event_seq
         WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY r.seq`,
      ).all(JSON.stringify(eventIds)) as { id: string }[];
      return ids.map((row) => row.id);
    },
    row(id: string): RunRow {
      const row = findRun(store.db, id);
      if (row === null) throw new Error(`no run ${id}`);
      return row;
    },
    async until(id: string, ...states: RunRow['state'][]): Promise<RunRow> {
      return await eventually(() => {
        const row = this.row(id);
        expect(states, `${row.state} ${row.error ?? ''}`).toContain(row.state);
        return row;
      });
    },
    async ended(id: string): Promise<RunRow> {
      return await this.until(id, 'completed', 'failed', 'canceled');
    },
    output(id: string, attempt?: number) {
      const row = this.row(id);
      return readOutput(store.db, { runSeq: row.seq, attempt: attempt ?? row.attempt, limit: 1_000_000 });
    },
    text(id: string): string[] {
      return this.output(id).items.map((line) => `${line.stream}: ${line.text}`);
    },
    script(name: string, text: string): string {
      const folder = join(store.dir, 'jobs');
      mkdirSync(folder, { recursive: true });
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    },
  };
}

export type OpenRunner = ReturnType<typeof openRunner>;

/** A command job whose program is some JavaScript. */
export const nodeJob = (slug: string, code: string, more: Partial<Spec> = {}): JobDefinition =>
  defined({ slug, kind: 'command', command: [process.execPath, '-e', code], ...more } as Spec);

export const shellJob = (slug: string, code: string, more: Partial<Spec> = {}): JobDefinition =>
  defined({ slug, kind: 'command', command: ['/bin/sh', '-c', code], ...more } as Spec);

export const scriptJob = (slug: string, file: string, more: Partial<Spec> = {}): JobDefinition =>
  defined({ slug, kind: 'script', file, ...more } as Spec);

/** Processes whose environment or command names this text. */
export function marked(text: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => {
      try {
        return (
          (readFileSync(`/proc/${pid}/environ`, 'latin1').includes(text) ||
            readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text)) &&
          !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
        );
      } catch {
        return false;
      }
    });
}

export const isAlive = (pid: number): boolean => {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
};
