import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type OpenApp, openApp } from '../runtime/open-app.ts';
import { eventually } from '../support/eventually.ts';
import { fill, smallDisk, whyNoMount } from '../support/small-disk.ts';

const mib = 1024 * 1024;

const limits = {
  warnBytes: 12 * mib,
  stopBytes: 6 * mib,
  reserveBytes: 4 * mib,
  reserveAfterMs: 0,
  lookEveryMs: 60_000,
  lookWhenFullEveryMs: 50,
};

async function openOn(dir: string, lookEveryMs = limits.lookEveryMs): Promise<OpenApp> {
  const dataDir = join(dir, 'data');
  mkdirSync(dataDir, { recursive: true });
  const app = await openApp(dataDir, { diskLimits: { ...limits, lookEveryMs } });
  await app.call('sources.create', { slug: 'crm', preset: 'generic', rateLimit: 'off' });
  await eventually(() => expect(statSync(join(dataDir, 'reserve')).size).toBe(limits.reserveBytes));
  return app;
}

const alerts = async (app: OpenApp): Promise<string[]> =>
  (await app.call('app.status', {})).alerts.map(({ code }) => code);

/** Sends until one is not stored any more; gives the ids of those that were. */
async function sendUntilRefused(app: OpenApp): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < 2000; n++) {
    const answer = await app.post('crm', { n, text: 'y'.repeat(20_000) });
    if (answer.status === 503) return ids;
    expect(answer.status).toBe(202);
    const { events }: { events: string[] } = JSON.parse(await answer.text());
    ids.push(...events);
  }
  throw new Error('the disk never became full');
}

const reason = whyNoMount();

describe.skipIf(reason !== null)(`a full disk${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  it('met by a write: 503, an alert, the reserve is given up; reading and pruning work; it resumes by itself', async () => {
    const dir = smallDisk(48);
    const app = await openOn(dir);
    const filler = fill(dir, 200_000);
    const stored = await sendUntilRefused(app);
    expect(existsSync(join(app.dataDir, 'reserve'))).toBe(false);
    expect(await alerts(app)).toContain('disk_full');
    expect((await fetch(`${app.runtime.receiverUrl}/readyz`)).status).toBe(503);
    const answer = await app.post('crm', {});
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);

    // The room that was put by: definitions can be changed, everything can be read.
    const { items } = await app.call('events.list', { limit: 500 });
    expect(stored.filter((id) => !items.some((item) => item.id === id))).toEqual([]);
    await app.call('settings.update', { operatorName: 'Ada' });
    await app.call('sources.create', { slug: 'shop', preset: 'generic' });
    await eventually(async () => {
      expect((await app.call('app.blindWindows', {})).items).toMatchObject([{ kind: 'full', to: null }]);
    });

    rmSync(filler);
    await eventually(async () => expect((await app.post('crm', { n: 'again' })).status).toBe(202));
    // Nothing stays that the full disk has brought about, the full-text index included.
    await eventually(async () => expect(await alerts(app)).toEqual([]));
    await eventually(() => expect(existsSync(join(app.dataDir, 'reserve'))).toBe(true));
    await eventually(async () => {
      const [window] = (await app.call('app.blindWindows', {})).items;
      expect(window).toMatchObject({ kind: 'full', to: expect.any(String) });
    });
    const { items: all } = await app.call('events.list', { limit: 500 });
    expect(stored.filter((id) => !all.some((item) => item.id === id))).toEqual([]);
  });

  it('is warned of before, and deliveries stop while there is room for the rest', async () => {
    const dir = smallDisk(48);
    const app = await openOn(dir, 50);
    fill(dir, 9 * mib);
    await eventually(async () => expect(await alerts(app)).toEqual(['disk_low']));
    expect((await app.post('crm', {})).status).toBe(202);
    writeFileSync(join(dir, 'more'), Buffer.alloc(4 * mib, 1));
    await eventually(async () => expect(await alerts(app)).toEqual(['disk_full']));
    expect((await app.post('crm', {})).status).toBe(503);
    // There is room yet: nothing had to be given up.
    expect(existsSync(join(app.dataDir, 'reserve'))).toBe(true);
    await expect(app.call('backups.create', {})).rejects.toThrow(/The backup could not be created: it takes/);
    rmSync(join(dir, 'more'));
    await eventually(async () => expect((await app.post('crm', {})).status).toBe(202));
    expect((await alerts(app)).sort()).toEqual(['backup_failed', 'disk_low']);
  });

  it('that the store itself has filled takes deliveries again when less is kept, without shrinking the file', async () => {
    // Retention's minute, without waiting for it.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const dir = smallDisk(48);
    const app = await openOn(dir, 50);
    await sendUntilRefused(app);
    const before = statSync(join(app.dataDir, 'signalbox.db')).size;
    const { events } = await app.call('app.status', {});
    expect(events.total).toBeGreaterThan(300);
    await app.call('settings.update', { retention: { events: 100 } });
    vi.advanceTimersByTime(60_000);
    await eventually(async () => expect((await app.post('crm', { n: 'again' })).status).toBe(202));
    expect(statSync(join(app.dataDir, 'signalbox.db')).size).toBeGreaterThanOrEqual(before * 0.9);
  });
});
