import type { Logger } from 'pino';
import { storageFault } from '../../store/database/storage-errors.ts';
import type { Alerts } from '../alerts.ts';

export interface StorageMonitorDeps {
  alerts: Pick<Alerts, 'raise' | 'clear'>;
  log: Logger;
  /** Reopens the store and tries a write and a read; rejects while they fail. */
  recover: () => Promise<void>;
  /** Reads the whole store: what is damaged, empty when nothing is. */
  check: () => Promise<string[]>;
  onFull: () => void;
  /** Damage that stays: only another store helps. */
  onDamaged: (details: string[]) => void;
}

/** Learns of each error of the disk, wherever it came up, and sees to it that the store works again. */
export interface StorageMonitor {
  /**
   * `during`: what was going on, for people. `brief`: a read, which must not keep deliveries out for long when
   * the store itself works. `unsynced`: what was committed is not on disk, so whatever the error is, the store has to be
   * opened again. Other errors that are not the disk's are passed over.
   */
  note(during: string, error: unknown, kind?: 'brief' | 'unsynced'): void;
  /** False from an error until the store was tried again with success: deliveries are refused meanwhile. */
  isHealthy(): boolean;
  stop(): void;
}

const firstTryMs = 250;
const maxTryMs = 30_000;
/** A store that fails again so soon has not recovered: it is tried less often. */
const quietMs = 30_000;
/** The alert stays a little longer than the trouble, so that it can be read. */
const alertMs = 2000;

export function createStorageMonitor(deps: StorageMonitorDeps): StorageMonitor {
  const { alerts, log } = deps;
  let isFailing = false;
  let isStopped = false;
  let mayBeDamaged = false;
  let tries = 0;
  let recoveredAtMs = Number.NEGATIVE_INFINITY;
  let tryTimer: NodeJS.Timeout | undefined;
  let alertTimer: NodeJS.Timeout | undefined;

  function report(during: string, error: Error): void {
    clearTimeout(alertTimer);
    alerts.raise(
      'storage_failed',
      'error',
      `The store cannot be used (${during}: ${error.message}). Deliveries get 503. Reopening automatically; check the disk and the permissions of its files.`,
    );
  }

  function tryLater(): void {
    const delayMs = Math.min(maxTryMs, firstTryMs * 2 ** tries);
    tries += 1;
    tryTimer = setTimeout(() => void tryNow(), delayMs);
    tryTimer.unref();
  }

  async function tryNow(): Promise<void> {
    try {
      if (mayBeDamaged) {
        const details = await deps.check();
        if (isStopped) return;
        if (details.length > 0) {
          log.error({ details }, 'the store is damaged');
          alerts.clear('storage_failed');
          deps.onDamaged(details);
          return;
        }
        mayBeDamaged = false;
      }
      await deps.recover();
      if (isStopped) return;
      isFailing = false;
      recoveredAtMs = performance.now();
      log.warn({ tries }, 'the store works again');
      alertTimer = setTimeout(() => alerts.clear('storage_failed'), alertMs);
      alertTimer.unref();
    } catch (error) {
      if (isStopped) return;
      log.error({ err: error, tries }, 'the store does not work yet');
      if (storageFault(error) === 'full') deps.onFull();
      report('reopening it', error instanceof Error ? error : new Error(String(error)));
      tryLater();
    }
  }

  return {
    note(during, error, kind) {
      const fault = storageFault(error);
      if ((fault === null && kind !== 'unsynced') || isStopped || !(error instanceof Error)) return;
      if (fault === 'full') {
        log.error({ err: error, during }, 'the disk is full');
        deps.onFull();
        if (kind !== 'unsynced') return;
      }
      if (fault === 'damaged') mayBeDamaged = true;
      if (isFailing) return;
      isFailing = true;
      log.error({ err: error, during }, 'the store failed; it is opened again');
      report(during, error);
      if (kind === 'brief' || performance.now() - recoveredAtMs > quietMs) tries = 0;
      tryLater();
    },
    isHealthy: () => !isFailing,
    stop() {
      isStopped = true;
      clearTimeout(tryTimer);
      clearTimeout(alertTimer);
    },
  };
}
