import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createReserve } from '../store/upkeep/reserve.ts';
import type { Alerts } from './alerts.ts';

const mib = 1024 * 1024;

export interface DiskLimits {
  warnBytes: number;
  /** Below this nothing is accepted: what is already here must still find room to be finished, pruned and read. */
  stopBytes: number;
  reserveBytes: number;
  /** A start has better things to do than to fill a file. */
  reserveAfterMs: number;
  lookEveryMs: number;
  /** While nothing is accepted: room that was made should count soon. */
  lookWhenFullEveryMs: number;
}

export const defaultDiskLimits: DiskLimits = {
  warnBytes: 1024 * mib,
  stopBytes: 256 * mib,
  reserveBytes: 64 * mib,
  reserveAfterMs: 10_000,
  lookEveryMs: 30_000,
  lookWhenFullEveryMs: 2000,
};

export interface DiskGuardDeps {
  dataDir: string;
  limits: DiskLimits;
  alerts: Alerts;
  log: Logger;
  /** Bytes inside the database that hold nothing any more: it fills them before it grows. */
  reusableBytes: () => number;
  /** There is room again. */
  onRoom: () => void;
  /** Free bytes, at each look. */
  onCheck: (freeBytes: number) => void;
}

export interface DiskGuard {
  hasRoom(): boolean;
  /** A write has met a full disk: the reserve is given up, and nothing more is accepted until there is room. */
  noteFull(): void;
  stop(): Promise<void>;
}

/** Watches the room on the data directory's disk, and keeps some of it by. */
export async function startDiskGuard(deps: DiskGuardDeps): Promise<DiskGuard> {
  const { dataDir, limits, alerts, log } = deps;
  const reserve = createReserve(join(dataDir, 'reserve'), limits.reserveBytes);
  let hasRoom = true;
  let isStopped = false;
  let mayBuildReserve = false;
  let timer: NodeJS.Timeout | undefined;
  let checking: Promise<void> = Promise.resolve();

  async function check(): Promise<void> {
    const { bavail, bsize } = await statfs(dataDir);
    const free = bavail * bsize;
    // Its log needs room to grow in before the database can fill its holes.
    const reusable = free >= limits.reserveBytes / 2 ? deps.reusableBytes() : 0;
    judge(free, reusable);
    deps.onCheck(free);
    if (free < limits.reserveBytes / 8) releaseReserve();
    else if (mayBuildReserve && free >= limits.stopBytes + limits.reserveBytes) await reserve.build();
  }

  function judge(free: number, reusable: number): void {
    const had = hasRoom;
    hasRoom = free + reusable >= limits.stopBytes;
    const size = `${Math.round(free / mib)} MiB free on the disk of ${dataDir}`;
    if (!hasRoom) {
      const advice = 'Free space, or keep less (Settings, Retention); it resumes automatically.';
      alerts.raise('disk_full', 'error', `Deliveries get 503: only ${size}. ${advice}`);
    } else alerts.clear('disk_full');
    if (hasRoom && free < limits.warnBytes) alerts.raise('disk_low', 'warning', `Disk space is low: ${size}.`);
    else alerts.clear('disk_low');
    if (hasRoom && !had) deps.onRoom();
    if (had !== hasRoom) log.warn({ free, reusable, hasRoom }, hasRoom ? 'there is room again' : 'the disk is full');
  }

  function releaseReserve(): void {
    if (!reserve.isThere()) return;
    reserve.release();
    log.warn({ bytes: limits.reserveBytes }, 'the disk is full: the reserve is given up, so that work can go on');
  }

  function checkSoon(): Promise<void> {
    checking = checking
      .then(check)
      .catch((error: unknown) => log.warn({ err: error }, 'the room on the disk could not be seen to'))
      .then(() => {
        clearTimeout(timer);
        if (isStopped) return;
        timer = setTimeout(() => void checkSoon(), hasRoom ? limits.lookEveryMs : limits.lookWhenFullEveryMs);
        timer.unref();
      });
    return checking;
  }

  await checkSoon();
  const reserveTimer = setTimeout(() => {
    mayBuildReserve = true;
    void checkSoon();
  }, limits.reserveAfterMs);
  reserveTimer.unref();

  return {
    hasRoom: () => hasRoom,
    noteFull() {
      releaseReserve();
      hasRoom = false;
      alerts.raise('disk_full', 'error', `Deliveries get 503: the disk of ${dataDir} is full. Free space on it.`);
      void checkSoon();
    },
    async stop() {
      isStopped = true;
      clearTimeout(reserveTimer);
      clearTimeout(timer);
      await checking;
    },
  };
}
