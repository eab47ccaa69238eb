import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { defaultSettings } from '../../electron/definitions/changes/default-settings.ts';
import { createReader } from '../../electron/store/read/reader.ts';
import { startRetention } from '../../electron/upkeep/retention.ts';
import { columnOf } from '../support/second-connection.ts';
import { delivery, draft, listener, tempIntake, tempStore } from '../support/temp-store.ts';

const dayMs = 86_400_000;
const readWorker = new URL('../../electron/store/read/read-worker.ts', import.meta.url);

/** Events of `days` ago: 300 that nobody took, and four whose runs are in the states that matter. */
async function openOldStore(days: number) {
  const store = tempStore();
  const { intake, listeners, jobs, clock } = tempIntake(store);
  jobs.replaceAll([{ spec: { slug: 'work', kind: 'command', command: ['true'] }, baseDir: null, version: 1 }]);
  listeners.replaceAll([listener({ slug: 'taken', type: ['taken'], job: 'work' })]);
  const nowMs = clock.nowMs;
  clock.nowMs = nowMs - days * dayMs;
  for (let i = 0; i < 300; i++)
    await intake.accept(delivery([draft({ type: 'ignored', externalId: `old-${i}` })], { atMs: clock.nowMs }));
  const names = ['queued', 'running', 'unacknowledged', 'acknowledged', 'scheduled'];
  for (const name of names)
    await intake.accept(delivery([draft({ type: 'taken', externalId: name })], { atMs: clock.nowMs }));
  clock.nowMs = nowMs;
  await intake.accept(delivery([draft({ type: 'ignored', externalId: 'new' })], { atMs: nowMs }));
  const set = (name: string, change: string) =>
    store.writer.write(({ db }) =>
      db.exec(`UPDATE runs SET ${change} WHERE event_seq = (SELECT seq FROM events WHERE external_id = '${name}')`),
    );
  await set('running', "state = 'running'");
  await set('scheduled', `state = 'scheduled', due_at = ${nowMs}`);
  await set('unacknowledged', `state = 'failed', inbox = 1, finished_at = ${nowMs}`);
  await set('acknowledged', `state = 'failed', inbox = 0, finished_at = ${nowMs}`);

  const reader = createReader({
    databaseFile: store.databaseFile,
    searchFile: store.searchFile,
    workerFile: readWorker,
    onCrash: () => undefined,
  });
  onTestFinished(() => reader.close());
  const settings = defaultSettings(2);
  const unindexed: number[] = [];
  const retention = startRetention({
    reader,
    writer: store.writer,
    indexer: { remove: (seqs) => unindexed.push(...seqs) },
    settings: () => settings,
    log: pino({ level: 'silent' }),
    nowMs: () => nowMs,
    onRemoved: () => undefined,
  });
  onTestFinished(() => retention.stop());
  const left = (): string[] => columnOf(store.databaseFile, 'SELECT external_id FROM events ORDER BY seq');
  return { retention, settings, left, unindexed };
}

it('removes what is too old, and nothing that is pending or waits for somebody', async () => {
  const { retention, left, unindexed } = await openOldStore(31);
  expect(await retention.runNow()).toBe(301);
  expect(left()).toEqual(['queued', 'running', 'unacknowledged', 'scheduled', 'new']);
  expect(unindexed).toHaveLength(301);
  expect(await retention.runNow()).toBe(0);
});

it('removes the oldest of what is too many, and nothing that is pending or waits for somebody', async () => {
  const { retention, settings, left } = await openOldStore(1);
  settings.retention.events = 100;
  await retention.runNow();
  expect(left()).toHaveLength(100);
  expect(left()).toEqual(expect.arrayContaining(['queued', 'running', 'unacknowledged', 'scheduled', 'new']));
  expect(left()[0]).not.toBe('old-0');
});

it('leaves everything that is within the limits', async () => {
  const { retention, left } = await openOldStore(1);
  expect(await retention.runNow()).toBe(0);
  expect(left()).toHaveLength(306);
});
