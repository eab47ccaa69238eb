import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { smallDisk, whyNoMount } from '../support/small-disk.ts';
import { ask } from './http.ts';
import { makePlace, type Signalbox, startInVain, startSignalbox, until } from './signalbox.ts';

const mib = 1024 * 1024;
const count = 30;

/** A data directory with events and a searchable index, stopped, on a small disk. */
async function usedOnSmallDisk(): Promise<{ disk: string; dataDir: string }> {
  const place = makePlace();
  onTestFinished(place.remove);
  const box = await startSignalbox({ dataDir: place.dataDir });
  await box.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
  for (let n = 0; n < count; n++) await box.accept('crm', { n, word: `needle${n}`, text: 'x'.repeat(3000) });
  await until('all are indexed', async () => (await box.call('app.status', {})).index.behind === 0);
  await box.end();
  const disk = smallDisk(32);
  const dataDir = join(disk, 'data');
  // Its reserve is larger than the disk, and is there already when the machine is busy.
  const filter = (file: string): boolean => basename(file) !== 'reserve';
  cpSync(place.dataDir, dataDir, { recursive: true, preserveTimestamps: true, filter });
  return { disk, dataDir };
}

async function started(dataDir: string, args: string[] = []): Promise<Signalbox> {
  const box = await startSignalbox({ dataDir, args });
  onTestFinished(async () => void (await box.end('SIGKILL')));
  return box;
}

/** To the last byte. */
function fillUp(disk: string): string {
  const file = join(disk, 'filler');
  const chunk = Buffer.alloc(mib, 1);
  for (let size = mib; size >= 4096; ) {
    try {
      appendFileSync(file, chunk.subarray(0, size));
    } catch {
      size /= 2;
    }
  }
  return file;
}

const alertCodes = async (box: Signalbox): Promise<string[]> =>
  (await box.call('app.status', {})).alerts.map(({ code }) => code);

async function expectReadable(box: Signalbox): Promise<void> {
  expect((await box.call('events.list', { limit: 100 })).items).toHaveLength(count);
  expect((await box.call('events.list', { query: 'needle7' })).items).toHaveLength(1);
  for (const server of [box.receiverUrl, box.consoleUrl]) expect((await ask(`${server}/readyz`)).status).toBe(503);
  const answer = await box.post('crm', {});
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, expect.stringMatching(/^\d+$/)]);
}

const reason = whyNoMount();

describe.skipIf(reason !== null)(`on a full disk${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  it('it starts, gives up the reserve, says so, and can be used and ended', async () => {
    const { disk, dataDir } = await usedOnSmallDisk();
    writeFileSync(join(dataDir, 'reserve'), Buffer.alloc(4 * mib, 1));
    fillUp(disk);
    const box = await started(dataDir);
    expect(existsSync(join(dataDir, 'reserve'))).toBe(false);
    expect(await alertCodes(box)).toEqual(['disk_full']);
    await expectReadable(box);
    await box.call('settings.update', { operatorName: 'Ada' });
    const end = await box.end('SIGTERM');
    expect([end.code, end.tookMs < 20_000]).toEqual([0, true]);
  });

  it('without a reserve it gives up the full-text index, and searches go on', async () => {
    const { disk, dataDir } = await usedOnSmallDisk();
    rmSync(join(dataDir, 'reserve'), { force: true });
    fillUp(disk);
    const box = await started(dataDir);
    expect(readFileSync(join(dataDir, 'signalbox.log'), 'utf8') + JSON.stringify(await alertCodes(box))).toContain(
      'disk_full',
    );
    await expectReadable(box);
    expect((await box.end('SIGTERM')).code).toBe(0);
  });

  it('with nothing left to give up it starts read-only, refuses changes with a sentence, and goes on when there is room', async () => {
    const { disk, dataDir } = await usedOnSmallDisk();
    for (const name of ['reserve', 'search.db', 'search.db-wal', 'search.db-shm'])
      rmSync(join(dataDir, name), { force: true });
    const filler = fillUp(disk);
    const config = makePlace();
    onTestFinished(config.remove);
    const configFile = join(config.dir, 'signalbox.yaml');
    writeFileSync(configFile, 'version: 1\nsources:\n  - { slug: shop, preset: generic }\n');
    const box = await started(dataDir, ['--config', configFile]);
    expect((await alertCodes(box)).sort()).toEqual(['disk_full', 'started_read_only']);
    await expectReadable(box);
    const { reply } = await box.raw('settings.update', { operatorName: 'Ada' });
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'unavailable', message: /^The disk is full.*Free space/ },
    });
    // What the config file adds waits for room; senders are not told that it does not exist.
    expect((await box.post('shop', {})).status).toBe(503);
    rmSync(filler);
    // Its servers close for a moment.
    const codes = (): Promise<string[]> => alertCodes(box).catch(() => ['started_read_only']);
    await until('it has started anew', async () => !(await codes()).includes('started_read_only'), 60_000);
    await box.call('settings.update', { operatorName: 'Ada' });
    expect((await box.call('sources.list', {})).items.map(({ slug }) => slug)).toContain('shop');
    expect((await box.call('events.list', { query: 'needle7' })).items).toHaveLength(1);
    expect((await box.end('SIGTERM')).code).toBe(0);
  });

  it('its first start is refused with a sentence', async () => {
    const disk = smallDisk(1);
    fillUp(disk);
    const end = await startInVain({ dataDir: join(disk, 'data') });
    expect(end.code).toBe(2);
    expect(end.stderr.trimEnd().split('\n').at(-1)).toMatch(/^signalbox: the disk .*is full.*free 8 MiB/);
  });

  it('that fills while it runs, and while it logs, it ends within 20 s', async () => {
    const { disk, dataDir } = await usedOnSmallDisk();
    const box = await started(dataDir);
    fillUp(disk);
    const refused = await Promise.all(
      Array.from({ length: 20 }, () => box.raw('settings.update', { operatorName: `A${Math.random()}` })),
    );
    for (const { reply } of refused) {
      if (!reply.ok) expect(reply.error).toMatchObject({ code: 'unavailable', message: /^The disk is full/ });
    }
    const end = await box.end('SIGTERM');
    expect([end.code, end.tookMs < 20_000]).toEqual([0, true]);
  });
});
