import type { Logger } from 'pino';
import type { ReadableDb } from '../store/database/open.ts';
import { nextBatchDueAt } from '../store/events/batches.ts';
import { type Commands, localCommands } from '../store/write/commands.ts';
import type { Writer } from '../store/write/writer.ts';
import type { Bus } from './announcements.ts';
import { DueTimer } from './due-timer.ts';
import type { RunBatches } from './run-batches.ts';

export interface BatchTimerDeps {
  db: ReadableDb;
  writer: Writer;
  /** Present in a cluster: one node finds what is due, and each plans the runs. */
  shared?: { commands: Commands; isFirst(): boolean } | undefined;
  bus: Bus;
  closeDue: RunBatches['closeDue'];
  log: Logger;
  nowMs: () => number;
}

/** Plans the runs of batches whose time is up. */
export interface BatchTimer {
  /** What came due while the app was not running is planned immediately. */
  start(): void;
  /** As after the system slept. */
  wake(): void;
  /** Resolves when what is under way is on disk. */
  stop(): Promise<void>;
}

/** Small, so that deliveries get in between. */
const perTransaction = 50;

export function createBatchTimer({ db, writer, shared, bus, closeDue, log, nowMs }: BatchTimerDeps): BatchTimer {
  const closeSome = (shared?.commands ?? localCommands(writer)).define('batches.close', (tx) =>
    closeDue(tx, perTransaction),
  );
  const timer = new DueTimer(wake, nowMs);
  let isStarted = false;
  let closing: Promise<void> | null = null;

  async function closeAll(): Promise<void> {
    for (let count = perTransaction; count === perTransaction && isStarted; ) {
      // Nothing is written while nothing is due.
      const dueAtMs = nextBatchDueAt(db);
      if (dueAtMs === null || dueAtMs > nowMs() || shared?.isFirst() === false) break;
      count = await closeSome();
    }
    const next = nextBatchDueAt(db);
    // Not at once again in a cluster: its log's clock may be behind this one.
    if (next !== null) timer.expect(shared === undefined ? next : Math.max(next, nowMs() + 250));
  }

  function wake(): void {
    if (!isStarted) return;
    closing ??= closeAll()
      .catch((error: unknown) => {
        log.error({ err: error }, 'the runs of batches could not be planned; trying again within 30 s');
      })
      .finally(() => {
        closing = null;
      });
  }

  bus.on('batch.opened', (dueAtMs) => timer.expect(dueAtMs));

  return {
    start() {
      isStarted = true;
      timer.start();
      wake();
    },
    wake,
    async stop() {
      isStarted = false;
      timer.stop();
      await closing;
    },
  };
}
