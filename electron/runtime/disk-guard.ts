import { statfs } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Alerts } from './alerts.ts';

const mib = 1024 * 1024;
const warnBytes = 1024 * mib;
/** Below this nothing is accepted: what is already here must still find room to be finished, pruned and read. */
const stopBytes = 256 * mib;
const everyMs = 30_000;

export interface DiskGuard {
  hasRoom(): boolean;
  stop(): void;
}

export async function startDiskGuard(dataDir: string, alerts: Alerts, log: Logger): Promise<DiskGuard> {
  let hasRoom = true;

  async function look(): Promise<void> {
    const { bavail, bsize } = await statfs(dataDir);
    const free = bavail * bsize;
    hasRoom = free >= stopBytes;
    const size = `${Math.round(free / mib)} MiB free on the disk of ${dataDir}`;
    if (!hasRoom)
      alerts.raise('disk_full', 'error', `Deliveries are answered 503: only ${size}. Make room; it resumes by itself.`);
    else alerts.clear('disk_full');
    if (hasRoom && free < warnBytes) alerts.raise('disk_low', 'warning', `Little room left: ${size}.`);
    else alerts.clear('disk_low');
  }

  const lookAndLog = (): Promise<void> =>
    look().catch((error: unknown) => log.warn({ err: error }, 'the free room on the disk could not be read'));
  await lookAndLog();
  const timer = setInterval(() => void lookAndLog(), everyMs);
  timer.unref();
  return { hasRoom: () => hasRoom, stop: () => clearInterval(timer) };
}
