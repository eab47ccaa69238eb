import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Upkeep } from '../../electron/store/upkeep/upkeep-thread.ts';
import { createAlerts } from '../../electron/upkeep/alerts.ts';
import { startBackups } from '../../electron/upkeep/backups/backups.ts';
import { openDataDir } from '../../electron/upkeep/data-dir/data-dir.ts';
import { newDataDir } from '../runtime/open-app.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const counts = { sources: 1, listeners: 0, jobs: 0, deliveries: 0, events: 0, runs: 0 };

function scheduled() {
  const dataDir = openDataDir(newDataDir());
  onTestFinished(() => dataDir.release());
  const state = {
    nowMs: Date.parse('2026-03-04T05:06:07Z'),
    isBroken: false,
    undecided: null as { setAside: string | null } | null,
  };
  const upkeep: Upkeep = {
    verify: () => Promise.reject(new Error('not asked for')),
    check: async () => [],
    async copy(_from, to) {
      if (state.isBroken) throw new Error('disk I/O error');
      writeFileSync(to, 'a copy');
      return { sizeBytes: 6, schema: 2, counts };
    },
    stop: async () => undefined,
  };
  const alerts = createAlerts(
    () => state.nowMs,
    () => undefined,
  );
  const settings = { backupDaily: true, backupsKept: 3 };
  const backups = startBackups({
    dataDir,
    upkeep,
    settings: () => settings,
    leaveBytes: 0,
    alerts,
    log: pino({ level: 'silent' }),
    nowMs: () => state.nowMs,
    undecided: () => state.undecided,
    onStorageError: () => undefined,
    decide: async () => undefined,
    restart: () => undefined,
    onChanged: () => undefined,
  });
  onTestFinished(() => backups.stop());
  return {
    state,
    settings,
    alerts,
    /** Time goes by, for timers and for the clock. */
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += minuteMs) {
        state.nowMs += minuteMs;
        await vi.advanceTimersByTimeAsync(minuteMs);
        // The room on the disk is asked for, which takes no timer.
        while (backups.list().isWorking) await new Promise((resolve) => setImmediate(resolve));
      }
    },
    made: () => readdirSync(join(dataDir.path, 'backups')).filter((name) => name.endsWith('.db')).length,
  };
}

describe('the daily backup', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('is made soon after the first start, then a day after the newest, and the oldest go', async () => {
    const { pass, made } = scheduled();
    expect(made()).toBe(0);
    await pass(20 * minuteMs);
    expect(made()).toBe(1);
    await pass(23 * hourMs);
    expect(made()).toBe(1);
    await pass(2 * hourMs);
    expect(made()).toBe(2);
    await pass(96 * hourMs);
    expect(made()).toBe(3);
  });

  it('that fails is told, and tried again within the hour', async () => {
    const { pass, made, state, alerts } = scheduled();
    state.isBroken = true;
    await pass(20 * minuteMs);
    expect(made()).toBe(0);
    expect(alerts.list()).toMatchObject([{ code: 'backup_failed' }]);
    state.isBroken = false;
    await pass(80 * minuteMs);
    expect([made(), alerts.list()]).toEqual([1, []]);
  });

  it('is not made while nobody has decided about a store that was lost, nor when it is switched off', async () => {
    const { pass, made, state, settings } = scheduled();
    state.undecided = { setAside: '2026-03-04T05-00-00Z' };
    await pass(2 * hourMs);
    expect(made()).toBe(0);
    state.undecided = null;
    settings.backupDaily = false;
    await pass(2 * hourMs);
    expect(made()).toBe(0);
    settings.backupDaily = true;
    await pass(20 * minuteMs);
    expect(made()).toBe(1);
  });

  it('is made again where the newest comes from the future: the clock was set back', async () => {
    const { pass, made, state } = scheduled();
    await pass(20 * minuteMs);
    state.nowMs -= 48 * hourMs;
    await pass(20 * minuteMs);
    expect(made()).toBeGreaterThan(1);
  });
});
