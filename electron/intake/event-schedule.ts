import type { Logger } from 'pino';
import { AppError } from '../../shared/contract/errors.ts';
import type { ScheduledEvent } from '../../shared/contract/scheduled-events.ts';
import { DueTimer } from '../jobs/due-timer.ts';
import type { ReadableDb } from '../store/open.ts';
import {
  cancelScheduled,
  dueScheduled,
  findScheduled,
  markFired,
  nextScheduledAt,
  toScheduledEvent,
} from '../store/scheduled-events.ts';
import type { Writer } from '../store/writer.ts';
import type { Intake, Planned } from './intake-types.ts';

export interface EventScheduleDeps {
  db: ReadableDb;
  writer: Writer;
  intake: Pick<Intake, 'raise' | 'announce'>;
  log: Logger;
  nowMs: () => number;
  /** One was added, fired or canceled. */
  onChanged: () => void;
}

/** Makes events of what was scheduled, when its time has come. */
export interface EventSchedule {
  /** What came due while the app was not running fires at once. */
  start(): void;
  /** One more is on disk. */
  expect(dueAtMs: number): void;
  /** As after the system slept. */
  wake(): void;
  /** Throws AppError. */
  cancel(id: string): Promise<ScheduledEvent>;
  /** Resolves when what is under way is on disk. */
  stop(): Promise<void>;
}

/** Small, so that deliveries get in between. */
const perTransaction = 50;

export function createEventSchedule(deps: EventScheduleDeps): EventSchedule {
  const { db, writer, intake, log, nowMs, onChanged } = deps;
  const timer = new DueTimer(wake, nowMs);
  let isStopped = false;
  let firing: Promise<void> | null = null;

  /** Each becomes an event in the transaction that marks it as fired: once, whatever ends the app when. */
  async function fireDue(): Promise<void> {
    for (let count = perTransaction; count === perTransaction && !isStopped; ) {
      const planned = await writer.write((handle) =>
        dueScheduled(handle, nowMs(), perTransaction).map((row): Planned => {
          const raised = intake.raise(handle, {
            source: row.source,
            system: row.system,
            type: row.type,
            context: row.context,
            payload: row.payload,
            verification: row.verification,
            externalId: row.external_id,
            occurredAtMs: row.occurred_at,
            deliverySeq: row.delivery_seq,
            causedByRun: row.caused_by_run,
            depth: row.depth,
          });
          markFired(handle, row.id, raised.eventId);
          return raised.planned;
        }),
      );
      for (const one of planned) intake.announce(one);
      if (planned.length > 0) onChanged();
      count = planned.length;
    }
    const next = nextScheduledAt(db);
    if (next !== null) timer.expect(next);
  }

  function wake(): void {
    if (isStopped) return;
    firing ??= fireDue()
      .catch((error: unknown) => {
        log.error({ err: error }, 'scheduled events could not be stored; trying again within 30 s');
      })
      .finally(() => {
        firing = null;
      });
  }

  return {
    start() {
      timer.start();
      wake();
    },
    expect(dueAtMs) {
      timer.expect(dueAtMs);
      onChanged();
    },
    wake,
    async cancel(id) {
      const canceled = await writer.write((handle) => {
        const isNews = cancelScheduled(handle, id);
        const row = findScheduled(handle, id);
        if (row === null) throw new AppError('not_found', `There is no scheduled event ${id}.`);
        if (!isNews && row.state === 'fired') {
          throw new AppError('wrong_state', `The scheduled event ${id} has become the event ${row.event_id} already.`);
        }
        return toScheduledEvent(row);
      });
      onChanged();
      return canceled;
    },
    async stop() {
      isStopped = true;
      timer.stop();
      await firing;
    },
  };
}
