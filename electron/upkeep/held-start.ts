import type { Logger } from 'pino';
import { isDiskFull } from '../store/database/storage-errors.ts';
import type { Alerts } from './alerts.ts';

/** With this much a start can write what it has to. */
const enoughBytes = 8 * 1024 * 1024;

/**
 * A start on a disk without any room: what it cannot write is left out, so that what is stored can be read, and the app
 * restarts as soon as there is room.
 */
export interface HeldStart {
  /** The store itself could only be opened for reading. */
  hold(): void;
  isHeld(): boolean;
  /** Does part of the start. A full disk is no error: it holds the start. */
  attempt(part: string, work: () => unknown): Promise<void>;
  /** Called with the free bytes on the disk at each check. */
  checkRoom(freeBytes: number): void;
  onRoom(restart: () => void): void;
}

export function createHeldStart(alerts: Pick<Alerts, 'raise'>, log: Logger): HeldStart {
  let isHeld = false;
  let isRestarting = false;
  let restart: (() => void) | null = null;

  function hold(): void {
    isHeld = true;
    alerts.raise(
      'started_read_only',
      'error',
      'The disk is full, so Signalbox started read-only: deliveries get 503 and no runs start. Free 8 MiB on the disk; Signalbox then restarts automatically.',
    );
  }

  return {
    hold,
    isHeld: () => isHeld,
    async attempt(part, work) {
      try {
        await work();
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        log.error({ err: error, part }, 'the disk is full: this part of the start waits for room');
        hold();
      }
    },
    checkRoom(freeBytes) {
      if (!isHeld || isRestarting || restart === null || freeBytes < enoughBytes) return;
      isRestarting = true;
      restart();
    },
    onRoom(listener) {
      restart = listener;
    },
  };
}
