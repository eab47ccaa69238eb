import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Settings } from '../../shared/contract/settings.ts';
import type { Alerts } from './alerts.ts';
import { type Backups, startBackups } from './backups/backups.ts';
import { restoreAndEnd } from './backups/restore-and-end.ts';
import type { DataDir } from './data-dir/data-dir.ts';
import { reportUnusable } from './data-dir/unusable-entry.ts';
import { type DiskLimits, defaultDiskLimits, startDiskGuard } from './disk-guard.ts';
import { createHeldStart, type HeldStart } from './held-start.ts';
import { createOutageMonitor, type Outage, type OutageMonitor, systemClocks } from './outage-monitor.ts';
import { openSessionRecord } from './session-record.ts';
import { openStore, type Store, type StoreWorkerFiles } from './store/open-store.ts';
import { stagedFile } from './store/prepare-store.ts';

export interface StoreDeps {
  /** A copy of a store to be put in its place; the start then ends. */
  restoreFile: string | null;
  workerFiles: StoreWorkerFiles;
  ending?: AbortSignal | undefined;
  /** Overrides of the limits for free disk space. */
  diskLimits?: Partial<DiskLimits> | undefined;
}

export interface GuardedStoreDeps {
  options: StoreDeps;
  dataDir: DataDir;
  /** Each part is stopped before those that were added earlier. */
  stopOrder: { add(part: string, stop: () => unknown): void };
  alerts: Alerts;
  log: Logger;
  nowMs: () => number;
}

export interface GuardDeps {
  settings: () => Settings;
  /** Why the receiver does not listen; null when it does. */
  receiverProblem: () => string | null;
  /** With a config file, an empty store that took a damaged one's place knows its sources again. */
  hasConfigFile: boolean;
  onBackupsChanged: (isWorking: boolean) => void;
  onOutagesChanged: (isBlind: boolean) => void;
  restart: (reason: string) => void;
  onTimeJumped: () => void;
}

export interface GuardedStore {
  store: Store;
  held: HeldStart;
  /** Whether a delivery can be stored now. */
  canTake(): boolean;
  /** Free bytes of the disk, null until they are known; at `stopBytes` deliveries are refused. */
  room(): { freeBytes: number | null; stopBytes: number };
  startGuards(deps: GuardDeps): { backups: Backups; outageMonitor: OutageMonitor };
}

/** The store with what watches over it: the room on its disk, its copies, and the times in which it could take nothing. */
export async function openGuardedStore(deps: GuardedStoreDeps): Promise<GuardedStore> {
  const { options, dataDir, stopOrder, alerts, log, nowMs } = deps;
  if (options.restoreFile !== null) {
    await restoreAndEnd(options.restoreFile, dataDir, options.workerFiles, options.ending);
  }
  const session = openSessionRecord(dataDir.path, nowMs, (path, error) =>
    reportUnusable({ alerts, log }, { path, without: 'the next start cannot tell how long the app was off' }, error),
  );
  if (session.last?.endedInOrder === false && hasLostItsLog(dataDir)) {
    log.error('the log of the last session is gone');
    alerts.raise(
      'log_missing',
      'warning',
      'The last session did not end properly, and its write-ahead log (signalbox.db-wal) is missing. What was stored shortly before may be lost; compare with the sender, or restore a backup.',
    );
  }
  stopOrder.add('session', () => session.end());
  const held = createHeldStart(alerts, log);
  let openedStore: Store | null = null;
  let freeBytes: number | null = null;
  const limits = { ...defaultDiskLimits, ...options.diskLimits };
  const disk = await startDiskGuard({
    dataDir: dataDir.path,
    limits,
    alerts,
    log,
    reusableBytes: () => openedStore?.reusableBytes() ?? 0,
    onRoom: () => openedStore?.roomAgain(),
    onCheck(free) {
      freeBytes = free;
      held.checkRoom(free);
    },
  });
  stopOrder.add('disk guard', () => disk.stop());
  const store = await openStore(dataDir, {
    workers: options.workerFiles,
    alerts,
    log,
    nowMs,
    onDiskFull: disk.noteFull,
    held,
  });
  openedStore = store;
  stopOrder.add('store', () => {
    openedStore = null;
    return store.close();
  });

  let isUndecided = (): boolean => store.lost.undecided() !== null;
  let receiverProblem = (): string | null => null;
  function outage(): Outage | null {
    if (!disk.hasRoom()) return { kind: 'full', detail: 'the disk was full' };
    if (!store.isWorking()) return { kind: 'refusing', detail: 'the store could not be used' };
    if (store.isDamaged()) return { kind: 'refusing', detail: 'the store was damaged' };
    if (receiverProblem() !== null) return { kind: 'refusing', detail: 'the receiver could not listen' };
    return isUndecided() ? { kind: 'refusing', detail: 'the store was lost and an operator had to decide' } : null;
  }

  return {
    store,
    held,
    canTake: () => outage() === null,
    room: () => ({ freeBytes, stopBytes: limits.stopBytes }),
    startGuards({
      settings,
      hasConfigFile,
      receiverProblem: problemOfReceiver,
      onBackupsChanged,
      onOutagesChanged,
      restart,
      onTimeJumped,
    }) {
      receiverProblem = problemOfReceiver;
      held.onRoom(() => restart('the disk has free space again'));
      if (hasConfigFile) isUndecided = () => false;
      const backups = startBackups({
        dataDir,
        upkeep: store.upkeep,
        settings,
        leaveBytes: limits.stopBytes,
        alerts,
        log,
        nowMs,
        undecided: store.lost.undecided,
        decide: store.lost.decide,
        onStorageError: store.noteUpkeepError,
        restart,
        onChanged: onBackupsChanged,
      });
      stopOrder.add('backups', () => backups.stop());
      const { db, writer } = store;
      const clocks = { ...systemClocks, nowMs };
      const outageMonitor = createOutageMonitor({
        db,
        writer,
        session,
        clocks,
        log,
        outage,
        onTimeJumped,
        onChanged: onOutagesChanged,
      });
      stopOrder.add('blind watch', () => outageMonitor.stop());
      return { backups, outageMonitor };
    },
  };
}

/** Only a session that ended in order leaves a database without a log. */
const hasLostItsLog = ({ databaseFile, path }: DataDir): boolean =>
  existsSync(databaseFile) && !existsSync(`${databaseFile}-wal`) && !existsSync(stagedFile(path));
