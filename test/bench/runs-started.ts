import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { newId } from '../../electron/store/database/ids.ts';
import { openReadable, openWritable } from '../../electron/store/database/open.ts';
import { internEventType } from '../../electron/store/events/event-types.ts';
import { insertEvent } from '../../electron/store/events/events.ts';
import { insertRun } from '../../electron/store/runs/insert-run.ts';
import type { JobSpec } from '../../shared/contract/jobs.ts';
import { keepAll, startApp } from './app.ts';
import type { BenchOptions, Part, Row } from './bench-types.ts';
import { runChild } from './child.ts';
import { samplePayload } from './fill-store.ts';
import { createRandom, median } from './numbers.ts';

const concurrency = 16;

const common = { concurrency, queue: 1_000_000, acknowledge: 'none' } as const;
const jobs = {
  command: { slug: 'command', kind: 'command', command: ['true'], ...common },
  script: { slug: 'script', kind: 'script', file: join(import.meta.dirname, 'jobs/trivial.mjs'), ...common },
} satisfies Record<string, JobSpec>;

export const runsPart: Part = {
  name: 'runs',
  letters: 'd',
  about: 'runs started a second: commands and scripts beside a bare spawn loop',
  async run(options) {
    const rounds = options.isQuick ? 2 : 5;
    const seconds = options.isQuick ? 2 : 4;
    const measured = { loop: [] as number[], loops: [] as number[], command: [] as number[], script: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      measured.loop.push(await spawnLoop(1, seconds));
      measured.loops.push(await spawnLoop(concurrency, seconds));
      measured.command.push(await runQueue(options, jobs.command, `command-${round}`, options.isQuick ? 1000 : 3000));
      measured.script.push(await runQueue(options, jobs.script, `script-${round}`, options.isQuick ? 10_000 : 40_000));
      options.say(
        `round ${round + 1}: ${Object.values(measured)
          .map((values) => Math.round(values.at(-1) ?? 0))
          .join(', ')} /s`,
      );
    }
    return toRows(measured);
  },
};

function toRows({ loop, loops, command, script }: Record<'loop' | 'loops' | 'command' | 'script', number[]>): Row[] {
  const row = (what: string, rounds: number[], more: Partial<Row> = {}): Row => ({
    part: 'd',
    what,
    value: median(rounds),
    unit: '/s',
    rounds,
    ...more,
  });
  const ofLoops = median(command.map((value, round) => value / (loops[round] ?? Number.NaN)));
  const times = median(script.map((value, round) => value / (loop[round] ?? Number.NaN)));
  return [
    row('bare spawn of `true`, one after the other', loop),
    row(`bare spawn of \`true\`, ${concurrency} at a time`, loops),
    row(`command job \`true\`, ${concurrency} at a time`, command, {
      note: `${ofLoops.toFixed(2)} of the bare ${concurrency}`,
      goals: [
        {
          what: `command jobs, ${concurrency} at a time, of bare spawn`,
          aim: '≥ 0.8',
          got: ofLoops.toFixed(2),
          met: ofLoops >= 0.8,
        },
      ],
    }),
    row(`script job, ${concurrency} at a time`, script, {
      note: `${times.toFixed(1)} × one after the other`,
      goals: [
        { what: 'script jobs, of a loop of spawns', aim: '≥ 10 ×', got: `${times.toFixed(1)} ×`, met: times >= 10 },
      ],
    }),
  ];
}

const spawnLoop = async (atOnce: number, seconds: number): Promise<number> =>
  Number(
    await runChild(process.execPath, [join(import.meta.dirname, 'spawn-loop.ts'), String(atOnce), String(seconds)]),
  );

const startedSchema = z.object({ done: z.number(), first: z.number(), last: z.number() });

/**
 * How fast the app works off `count` queued runs, from its own records: the first tenth is warm-up. The queue is written
 * beforehand, so that receiving events takes no part in it; storing each run's start, end and outcome does.
 */
async function runQueue({ workDir }: BenchOptions, job: JobSpec, name: string, count: number): Promise<number> {
  const dataDir = join(workDir, name);
  const config = { version: 1, settings: { ...keepAll, concurrency }, jobs: [job] };
  // Once without work: it makes the store.
  await (await startApp({ dataDir, config })).stop();
  const databaseFile = join(dataDir, 'signalbox.db');
  fillQueue(databaseFile, job.slug, count);
  const app = await startApp({ dataDir, config });
  for (;;) {
    const { runs } = await app.status();
    if (runs.waiting + runs.running === 0) break;
    await wait(100);
  }
  await app.stop();
  const db = openReadable(databaseFile);
  const row = db
    .prepare(
      `SELECT count(*) FILTER (WHERE state = 'completed') AS done, max(started_at) AS last,
         (SELECT started_at FROM runs ORDER BY started_at LIMIT 1 OFFSET ?) AS first FROM runs`,
    )
    .get(Math.floor(count / 10));
  db.close();
  const { done, first, last } = startedSchema.parse(row);
  if (done !== count) throw new Error(`of ${count} runs of ${job.slug} only ${done} completed`);
  return (count * 0.9) / ((last - first) / 1000);
}

function fillQueue(databaseFile: string, job: string, count: number): void {
  const db = openWritable(databaseFile);
  const random = createRandom(3);
  const nowMs = Date.now();
  db.exec('BEGIN');
  const typeId = internEventType(db, 'crm', 'generic', 'crm.entity7.changed');
  for (let i = 0; i < count; i++) {
    const eventSeq = insertEvent(db, {
      id: newId('evt', nowMs),
      typeId,
      externalId: null,
      occurredAtMs: null,
      receivedAtMs: nowMs,
      context: '{"spaceId":"us_sp_1"}',
      payload: samplePayload(i, random),
      verification: '{"state":"none","scheme":null,"detail":null}',
      deliverySeq: null,
      replayOf: null,
      causedByRun: null,
      depth: 0,
      ignored: false,
      chainStopped: false,
    });
    insertRun(db, {
      id: newId('run', nowMs),
      eventSeq,
      listener: 'bench',
      listenerVersion: 1,
      job,
      retryNo: 0,
      retryOf: null,
      state: 'queued',
      reason: null,
      error: null,
      attempts: 1,
      mode: 'foreground',
      needsApproval: false,
      expiresAtMs: null,
      queuedAtMs: nowMs,
      acknowledge: 'none',
      inbox: false,
      depth: 0,
    });
  }
  db.exec('COMMIT');
  db.close();
}
