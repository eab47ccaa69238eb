import type { Logger } from 'pino';
import { isDiskFull } from '../../store/database/storage-errors.ts';
import type { Alerts } from '../alerts.ts';
import type { DataDir } from '../data-dir/data-dir.ts';
import { markDamaged } from './prepare-store.ts';

export function sayLarge(bytes: number | null, alerts: Pick<Alerts, 'raise' | 'clear'>): void {
  if (bytes === null) alerts.clear('log_large');
  else {
    const size = `${Math.round(bytes / 1024 ** 2)} MiB`;
    const advice = 'A backup or another program is reading the store; the log shrinks when that ends.';
    alerts.raise('log_large', 'warning', `The log of the store (signalbox.db-wal) has grown to ${size}. ${advice}`);
  }
}

export function sayDamaged(details: readonly string[], dataDir: DataDir, alerts: Alerts): void {
  alerts.raise(
    'database_damaged',
    'error',
    `The store is damaged (${details[0]}). Deliveries get 503. Restore a backup (Settings, Backups); otherwise the next start moves the store to quarantine.`,
  );
  try {
    markDamaged(dataDir.path, details);
  } catch (error) {
    // The next start reads the store again.
    if (!isDiskFull(error)) throw error;
  }
}

/** A large store is still being read while the app works already. */
export function followCheck(
  check: Promise<string[]> | null,
  { log, damaged, onError }: { log: Logger; damaged: (details: string[]) => void; onError: (error: unknown) => void },
): void {
  check?.then(
    (details) => {
      if (details.length === 0) {
        log.info('the check of the store found nothing');
        return;
      }
      log.error({ details }, 'the store is damaged');
      damaged(details);
    },
    (error: unknown) => {
      log.warn({ err: error }, 'the check of the store did not finish');
      onError(error);
    },
  );
}
