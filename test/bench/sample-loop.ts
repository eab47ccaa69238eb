/**
 * Preloaded into the app (`--import`): samples how late its event loop comes. SIGUSR2 writes what was found since the last
 * time, in milliseconds, as JSON to the file that BENCH_LOOP_FILE names.
 */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const { BENCH_LOOP_FILE: file } = process.env;
if (isMainThread && file !== undefined) {
  const resolution = 1;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  // A sample is the time from one tick of its timer to the next.
  const late = (ns: number): number => Math.max(0, ns / 1e6 - resolution);
  process.on('SIGUSR2', () => {
    writeFileSync(
      file,
      JSON.stringify({ p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) }),
    );
    delay.reset();
  });
}
