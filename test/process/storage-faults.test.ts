import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { makeFaults, whyNoFaults } from '../support/faults/faults.ts';
import { ask, sendersAtOnce } from './http.ts';
import { makePlace, type Signalbox, type StartArguments, startSignalbox, until } from './signalbox.ts';

function place() {
  const made = makePlace();
  onTestFinished(made.remove);
  return made;
}

async function started(start: StartArguments): Promise<Signalbox> {
  const box = await startSignalbox(start);
  onTestFinished(async () => void (await box.end('SIGKILL')));
  return box;
}

const alertCodes = async (box: Signalbox): Promise<string[]> =>
  (await box.call('app.status', {})).alerts.map(({ code }) => code);

const readiness = async (box: Signalbox): Promise<number[]> =>
  Promise.all([box.receiverUrl, box.consoleUrl].map(async (server) => (await ask(`${server}/readyz`)).status));

const reason = whyNoFaults();

describe.skipIf(reason !== null)(`a disk that fails${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  for (const operations of [['reads', 'writes', 'syncs'], ['writes'], ['syncs']] as const) {
    it(`at ${operations.join(', ')}: says so everywhere, loses nothing acknowledged, and recovers by itself`, async () => {
      const faults = makeFaults();
      const box = await started({ dataDir: place().dataDir, env: faults.env });
      const pushes = await box.pushes();
      onTestFinished(pushes.close);
      await box.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
      const before = await box.accept('crm', { n: 'before' });

      faults.set(operations, 'EIO', 'signalbox.db');
      expect((await box.post('crm', { n: 'during' })).status).toBe(503);
      expect(await readiness(box)).toEqual([503, 503]);
      const { alerts, receiver } = await box.call('app.status', {});
      expect(receiver.accepting).toBe(false);
      // The index, on a thread of its own, may have met the disk as well, and says so too.
      expect(alerts.filter(({ code }) => code === 'storage_failed')).toMatchObject([
        { level: 'error', message: /disk I\/O error/ },
      ]);
      const refused = await box.raw('settings.update', { operatorName: 'Ada' });
      expect(refused.reply).toMatchObject({ ok: false, error: { code: 'unavailable', message: /The disk failed/ } });
      // It goes on trying, and stays up with somebody looking.
      await until('it has been tried again twice', async () => {
        const log = readFileSync(join(box.dataDir, 'signalbox.log'), 'utf8');
        return log.split('the store does not work yet').length > 2;
      });
      expect((await box.post('crm', { n: 'during' })).status).toBe(503);

      faults.clear();
      await until('deliveries are taken again', async () => (await box.post('crm', { n: 'after' })).status === 202);
      await until('the alert is over', async () => (await alertCodes(box)).length === 0);
      expect(await readiness(box)).toEqual([200, 200]);
      const { items } = await box.call('events.list', {});
      expect(items.map(({ id }) => id)).toContain(before[0]);
      expect(items.map(({ payload }) => payload)).not.toContainEqual({ n: 'during' });
      await until('the window is written', async () => {
        return (await box.call('app.blindWindows', {})).items.some(
          ({ kind, to }) => kind === 'refusing' && to !== null,
        );
      });
      expect((await box.end('SIGTERM')).code).toBe(0);
    });
  }

  it('when the log is copied into the database: says so, loses nothing acknowledged, and recovers by itself', async () => {
    const faults = makeFaults();
    const box = await started({ dataDir: place().dataDir, env: faults.env });
    await box.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
    const acknowledged: string[] = [];
    const send = async (): Promise<number> => {
      const { status, text } = await box.post('crm', { text: 'x'.repeat(900_000) });
      if (status === 202)
        acknowledged.push(...z.object({ events: z.array(z.string()) }).parse(JSON.parse(text)).events);
      return status;
    };

    // Commits go to the log, which has no faults; the database behind it is written at checkpoints alone.
    faults.set(['writes', 'syncs'], 'EIO', 'signalbox.db$');
    await until('the alert', async () => {
      await send();
      return (await alertCodes(box)).includes('storage_failed');
    });
    expect(acknowledged.length).toBeGreaterThan(2);
    faults.clear();
    await until('deliveries are taken again', async () => (await send()) === 202);
    await until('the alert is over', async () => (await alertCodes(box)).length === 0);
    expect(await readiness(box)).toEqual([200, 200]);
    // Several rounds of the log are copied now.
    for (let count = 0; count < 20; count += 1) expect(await send()).toBe(202);
    const { items } = await box.call('events.list', { query: 'source:crm', limit: 500 });
    expect(items.map(({ id }) => id).sort()).toEqual(acknowledged.sort());
    expect((await box.end('SIGTERM')).code).toBe(0);
  });

  it('at syncs under load: what was answered 503 is not in the store, and what was answered 202 is', async () => {
    const faults = makeFaults();
    const { dataDir } = place();
    const box = await started({ dataDir, env: faults.env });
    await box.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
    const accepted: number[] = [];
    const refused: number[] = [];
    let sent = 0;
    let isOver = false;
    const sending = sendersAtOnce(
      8,
      () => isOver,
      async (agent) => {
        sent += 1;
        const n = sent;
        const { status } = await ask(`${box.receiverUrl}/in/crm`, {
          agent,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ n }),
        });
        (status === 202 ? accepted : refused).push(n);
        // A refused one is cheap: they must not keep the disk from being tried again.
        if (status !== 202) await wait(25);
      },
    );
    await until('some are accepted', async () => accepted.length > 50);
    faults.set(['syncs'], 'EIO', 'signalbox.db');
    await until('some are refused', async () => refused.length > 20);
    faults.clear();
    const before = accepted.length;
    await until('more are accepted', async () => accepted.length > before + 50);
    isOver = true;
    await sending;
    await box.end('SIGKILL');

    const db = new DatabaseSync(join(dataDir, 'signalbox.db'), { readOnly: true });
    onTestFinished(() => db.close());
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    const numbers = db.prepare("SELECT payload ->> 'n' AS n FROM events").all();
    const byNumber = (a: number, b: number): number => a - b;
    expect(numbers.map(({ n }) => Number(n)).sort(byNumber)).toEqual(accepted.sort(byNumber));
  });

  it('for a list: answers with a sentence, is noticed, and the list is back when the disk is', async () => {
    const { dataDir } = place();
    const faults = makeFaults();
    const first = await started({ dataDir });
    await first.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
    for (let n = 0; n < 40; n++) await first.accept('crm', { n, text: 'x'.repeat(9000) });
    await first.end();
    // Nothing of it is in memory yet.
    const box = await started({ dataDir, env: faults.env });
    faults.set(['reads'], 'EIO', 'signalbox.db');
    const { reply } = await box.raw('events.list', { limit: 40 });
    expect(reply).toMatchObject({ ok: false, error: { code: 'unavailable', message: /could not be read/ } });
    expect(await alertCodes(box)).toContain('storage_failed');
    expect(await readiness(box)).toEqual([503, 503]);
    faults.clear();
    await until('it is ready', async () => (await readiness(box)).every((status) => status === 200));
    expect((await box.call('events.list', { limit: 40 })).items).toHaveLength(40);
    await until('the alert is over', async () => (await alertCodes(box)).length === 0);
  });

  it('and does not come back, does not keep it from ending within 20 s', async () => {
    const faults = makeFaults();
    const box = await started({ dataDir: place().dataDir, env: faults.env });
    await box.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
    faults.set(['writes', 'syncs', 'hangs'], 'EIO', 'signalbox.db');
    void box.post('crm', { n: 1 }).catch(() => undefined);
    const { tookMs } = await box.end('SIGTERM');
    // The disk never comes back, and waiting for it would never end; a busy machine may be late with its timers.
    expect(tookMs).toBeLessThan(50_000);
  });
});

/** Overwrites the middle of a file. */
function damage(file: string, from = 0.3, to = 0.9): void {
  const { size } = statSync(file);
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(Math.floor(size * (to - from)), 0xa5), 0, undefined, Math.floor(size * from));
  closeSync(handle);
}

async function withWords(dataDir: string): Promise<Signalbox> {
  const box = await started({ dataDir });
  await box.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
  for (let n = 0; n < 200; n++) await box.accept('crm', { n, word: `needle${n}`, text: `hay${n} `.repeat(200) });
  await until('all are indexed', async () => (await box.call('app.status', {})).index.behind === 0);
  return box;
}

const findOne = async (box: Signalbox, word: string): Promise<number> => {
  const { items } = await box.call('events.list', { query: word });
  return items.length;
};

describe('a damaged full-text index', () => {
  it('found at the start is built again, and every search finds what it should meanwhile', async () => {
    const { dataDir } = place();
    await (await withWords(dataDir)).end();
    damage(join(dataDir, 'search.db'));
    const box = await started({ dataDir });
    expect(await findOne(box, 'needle123')).toBe(1);
    await until('it is built again', async () => {
      const log = readFileSync(join(dataDir, 'signalbox.log'), 'utf8');
      return log.includes('the full-text index is built again');
    });
    expect(await alertCodes(box)).toEqual([]);
    expect(await findOne(box, 'needle7')).toBe(1);
    const index = new DatabaseSync(join(dataDir, 'search.db'), { readOnly: true });
    expect(index.prepare('PRAGMA quick_check').get()).toEqual({ quick_check: 'ok' });
    index.close();
  });

  it('that is no database at all keeps nothing from starting and searching', async () => {
    const { dataDir } = place();
    await (await withWords(dataDir)).end();
    writeFileSync(join(dataDir, 'search.db'), 'garbage '.repeat(5000));
    const box = await started({ dataDir });
    expect(await findOne(box, 'needle123')).toBe(1);
  });

  it('found by a search is built again', async () => {
    const { dataDir } = place();
    const box = await withWords(dataDir);
    // What the index's own b-trees do not show: the words themselves are gone.
    const index = new DatabaseSync(join(dataDir, 'search.db'));
    index.enableDefensive(false);
    index.exec("UPDATE event_text_data SET block = x'ff' WHERE id > 10");
    index.close();
    expect(await findOne(box, 'needle123')).toBe(1);
    await until('it is built again', async () => {
      const log = readFileSync(join(dataDir, 'signalbox.log'), 'utf8');
      return log.includes('the full-text index is built again');
    });
    expect(await findOne(box, 'needle7')).toBe(1);
    await until('the alert is over', async () => (await alertCodes(box)).length === 0);
  });
});
