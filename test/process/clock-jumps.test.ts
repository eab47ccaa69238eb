import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makePlace, type Signalbox, startSignalbox, until } from './signalbox.ts';

/** libfaketime (Debian: libfaketime) lets one process believe that its clock was set, while it runs. */
const faketime = (existsSync('/usr/lib') ? readdirSync('/usr/lib') : [])
  .flatMap((dir) => [join('/usr/lib', dir, 'faketime'), join('/usr/lib', dir)])
  .map((dir) => join(dir, 'libfaketimeMT.so.1'))
  .find((file) => existsSync(file));

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.type, id: $.id } }
jobs:
  - { slug: count, kind: command, command: [sh, -c, "echo once >> counted"] }
  - { slug: flaky, kind: command, command: [sh, -c, "echo tried >> tried; exit 1"], attempts: 2, backoff: 30m }
listeners:
  - { slug: counts, source: signalbox, type: CUSTOM_TICK, job: count }
  - { slug: tries, source: crm, type: try, job: flaky }
`;

const hour = 3600;

async function fired(box: Signalbox): Promise<number> {
  return (await box.call('events.list', { query: 'type:CUSTOM_TICK', limit: 100 })).items.length;
}

async function runsOf(box: Signalbox, job: string) {
  return (await box.call('runs.list', { query: `job:${job}`, limit: 100 })).items;
}

describe.skipIf(faketime === undefined)(
  `a clock that is set${faketime === undefined ? ' (skipped: libfaketime is not installed)' : ''}`,
  () => {
    it('neither loses nor doubles what was scheduled', async () => {
      const place = makePlace();
      onTestFinished(place.remove);
      const clockFile = join(place.dir, 'clock');
      const setClock = (offsetSeconds: number): void =>
        writeFileSync(clockFile, `${offsetSeconds >= 0 ? '+' : ''}${offsetSeconds}\n`);
      setClock(0);
      const box = await startSignalbox({
        dataDir: place.dataDir,
        config,
        env: {
          LD_PRELOAD: faketime ?? '',
          FAKETIME_TIMESTAMP_FILE: clockFile,
          FAKETIME_NO_CACHE: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        },
      });
      onTestFinished(async () => void (await box.end('SIGKILL')));
      await box.call('events.raise', { type: 'tick', inSeconds: hour });
      await box.call('events.raise', { type: 'tick', inSeconds: 30 * 24 * hour });
      await box.accept('crm', { type: 'try', id: '1' });
      await until('the first attempt fails', async () => (await runsOf(box, 'flaky'))[0]?.state === 'scheduled');

      setClock(2 * hour);
      await until('the event fires', async () => (await fired(box)) === 1);
      await until('the retry ends', async () => (await runsOf(box, 'flaky'))[0]?.state === 'failed');
      await until('its run ends', async () => (await runsOf(box, 'count'))[0]?.state === 'completed');

      // Back by a day: what has happened does not happen again, and what is raised now is due by the clock as it is.
      setClock(-22 * hour);
      await box.call('events.raise', { type: 'tick', inSeconds: 1 });
      await until('the event fires by the new time', async () => (await fired(box)) === 2);
      const late = await box.call('events.raise', { type: 'tick', inSeconds: 10 });
      setClock(-24 * hour);
      setClock(-21 * hour);
      await until('the event that was waited for fires', async () => {
        const { items } = await box.call('scheduledEvents.list', { state: 'fired' });
        return items.some(({ id }) => id === late.scheduledId);
      });
      await until('all runs end', async () => {
        const runs = await runsOf(box, 'count');
        return runs.length === 3 && runs.every(({ state }) => state === 'completed');
      });
      expect(await fired(box)).toBe(3);
      expect((await runsOf(box, 'flaky')).map(({ state, attempt }) => ({ state, attempt }))).toEqual([
        { state: 'failed', attempt: 2 },
      ]);
      expect((await box.call('scheduledEvents.list', {})).total).toBe(1);
      // A clock that was set is no time in which nothing was received.
      expect((await box.call('app.blindWindows', {})).items).toEqual([]);

      // A restart after all that plans nothing anew either.
      setClock(0);
      await box.end();
      const again = await startSignalbox({ dataDir: place.dataDir, config });
      onTestFinished(async () => void (await again.end('SIGKILL')));
      expect(await fired(again)).toBe(3);
      expect(await runsOf(again, 'count')).toHaveLength(3);
    });
  },
);
