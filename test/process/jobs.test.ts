import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findMarked } from '../../electron/jobs/process/process-tree.ts';
import { endedRunsOf, makePlace, type Signalbox, startSignalbox, until } from './signalbox.ts';

const place = makePlace();
let box: Signalbox;

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.type, id: $.id }, rateLimit: off }
jobs:
  - { slug: first, kind: script, file: first.ts }
  - { slug: again, kind: script, file: first.ts }
  - { slug: stubborn, kind: command, command: [sh, stubborn.sh], timeout: 300ms, env: { STUBBORN: "${process.pid}" } }
  - { slug: crashes, kind: script, file: crashes.mjs }
listeners:
  - { slug: begin, source: crm, type: begin, job: first }
  - { slug: follow, source: signalbox, type: "job:completed", where: { any: [ { field: context.job, op: eq, value: first }, { field: context.job, op: eq, value: again } ] }, job: again }
  - { slug: stubborn, source: crm, type: stubborn, job: stubborn }
  - { slug: crash, source: crm, type: crash, job: crashes }
`;

const firstJob = `import { defineJob } from 'signalbox';
export default defineJob((event, run) => {
  run.progress(100, 'done');
  return { depth: event.causedBy?.depth ?? 0 };
});
`;

/** Ignores TERM, and has a child that leaves its session, its group and its parent. */
const stubborn = `trap '' TERM
setsid sh -c "trap '' TERM; while true; do sleep 600; done" &
echo started
while true; do sleep 600; done
`;

const crashes = `export default (event) => {
  if (event.payload.crash) process.exit(9);
  return 'fine';
};
`;

beforeAll(async () => {
  writeFileSync(join(place.dir, 'first.ts'), firstJob);
  writeFileSync(join(place.dir, 'stubborn.sh'), stubborn);
  writeFileSync(join(place.dir, 'crashes.mjs'), crashes);
  box = await startSignalbox({ dataDir: place.dataDir, config });
});

afterAll(async () => {
  await box.end();
  place.remove();
});

describe('a chain of jobs through their outcomes', () => {
  it('goes eight deep and stops there, visibly', async () => {
    const [id = ''] = await box.accept('crm', { type: 'begin', id: 'chain' });
    const stopped = await until('the chain stops', async () => {
      const { items } = await box.call('events.list', { query: 'source:signalbox', limit: 100 });
      return items.find((item) => item.chainStopped);
    });
    expect(stopped).toMatchObject({ type: 'job:completed', runs: [], causedBy: { depth: 9 } });
    const { items } = await box.call('events.list', { query: 'source:signalbox type:job:completed', limit: 100 });
    expect(items.map(({ causedBy }) => causedBy?.depth).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(items.filter(({ chainStopped }) => chainStopped)).toHaveLength(1);
    const runs = await box.call('runs.list', { job: 'again', limit: 100 });
    expect(runs.items).toHaveLength(8);

    const [run] = await endedRunsOf(box, id);
    expect(run?.causes).toMatchObject([{ type: 'job:completed' }]);
    const outcome = await box.call('events.get', { id: run?.causes[0]?.id ?? '' });
    expect(outcome.lineage.causedBy).toMatchObject({ runId: run?.id, job: 'first', eventId: id });
    expect(outcome).toMatchObject({ source: 'signalbox', verification: { state: 'internal' } });
  });
});

describe('what a job leaves behind', () => {
  it('ends with its time, children in a session of their own too', async () => {
    const [id = ''] = await box.accept('crm', { type: 'stubborn', id: 'stubborn' });
    const marked = (): number[] =>
      findMarked({ name: 'STUBBORN', values: [String(process.pid)] }).map(({ pid }) => pid);
    await until('both are running', async () => marked().length >= 4);
    const [run] = await endedRunsOf(box, id, 20_000);
    expect(run).toMatchObject({ state: 'failed', reason: 'timeout', attempt: 1 });
    expect(run?.error).toContain('300ms');
    expect(marked()).toEqual([]);
    const { items } = await box.call('runs.output', { id: run?.id ?? '' });
    expect(items.map(({ text }) => text)).toContain('started');
  });

  it('is no harm to other runs of a script whose process died', async () => {
    const [bad = ''] = await box.accept('crm', { type: 'crash', id: 'crash-1', crash: true });
    const [good = ''] = await box.accept('crm', { type: 'crash', id: 'crash-2' });
    expect(await endedRunsOf(box, bad)).toMatchObject([{ state: 'failed', reason: 'exit', exitCode: 9 }]);
    expect(await endedRunsOf(box, good)).toMatchObject([{ state: 'completed', outcome: 'fine' }]);
  });
});
