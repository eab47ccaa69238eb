import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makePlace, startSignalbox, until } from './signalbox.ts';

/** How often the main thread went to sleep since it began: on a busy machine fewer times, never more. */
function sleepsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/task/${pid}/status`, 'utf8');
  return Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(text)?.[1]);
}

const measuredMs = 2000;

async function wakeUpsPerSecond(pid: number): Promise<number> {
  const before = sleepsOf(pid);
  await wait(measuredMs);
  return ((sleepsOf(pid) - before) * 1000) / measuredMs;
}

describe.runIf(process.platform === 'linux')('an app that nothing happens in', () => {
  it('sleeps: nothing of it is sampled before its metrics are read', async () => {
    const place = makePlace();
    onTestFinished(place.remove);
    const box = await startSignalbox({ dataDir: place.dataDir });
    onTestFinished(async () => void (await box.end()));
    // prom-client's histogram of the event loop woke it 100 times a second. The start may still be settling.
    await until('a quiet second', async () => (await wakeUpsPerSecond(box.pid)) < 30);

    const metrics = (await box.get('/metrics')).text;
    expect(metrics).toMatch(/^signalbox_runs_waiting 0$/m);
    expect(metrics).toMatch(/^signalbox_process_cpu_seconds_total \d/m);
    const lag = async () =>
      /^signalbox_nodejs_eventloop_lag_p50_seconds (\S+)$/m.exec((await box.get('/metrics')).text);
    await until('the event loop being sampled', async () => Number((await lag())?.[1]) > 0);
    expect(await wakeUpsPerSecond(box.pid)).toBeLessThan(50);
  });
});
