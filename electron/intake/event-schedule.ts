import type { Logger } from 'pino';
import { AppError } from '../../shared/contract/errors.ts';
import type { ScheduledEvent } from '../../shared/contract/scheduled-events.ts';
import type { Bus } from '../runs/announcements.ts';
import { DueTimer } from '../runs/due-timer.ts';
import type { ReadableDb } from '../store/database/open.ts';
import {
  cancelScheduled,
  dueScheduled,
  findScheduled,
  isReadableScheduled,
  markFired,
  nextScheduledAt,
  toScheduledEvent,
} from '../store/events/scheduled-events.ts';
import { type Commands, localCommands } from '../store/write/commands.ts';
import type { Writer } from '../store/write/writer.ts';
import type { RaiseEvent } from './own-events.ts';

/** In a cluster what is due is found by one node, and made an event in the store of each. */
export interface SharedSchedule {
  commands: Commands;
  isFirst(): boolean;
}

export interface EventScheduleDeps {
  db: ReadableDb;
  writer: Writer;
  /** Present in a cluster. */
  shared?: SharedSchedule | undefined;
  bus: Bus;
  raiseEvent: RaiseEvent;
  log: Logger;
  nowMs: () => number;
  /** One was added, fired or canceled. */
  onChanged: () => void;
  /** Those that are due and damaged, whenever that changes. */
  onUnreadable?: (ids: string[]) => void;
}

/** Makes events of what was scheduled, when its time has come. */
export interface EventSchedule {
  /** What came due while the app was not running fires immediately. */
  start(): void;
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
  const { db, writer, bus, raiseEvent, log, nowMs, onChanged, shared } = deps;
  const { define } = shared?.commands ?? localCommands(writer);
  const timer = new DueTimer(wake, nowMs);
  let isStopped = false;
  let firing: Promise<void> | null = null;
  /** Due, and damaged in the store: they do not fire, and keep no other from it. */
  const unreadable = new Set<string>();

  function tellUnreadable(): void {
    const ids = [...unreadable];
    if (ids.length > 0) log.error({ ids }, 'scheduled events are damaged in the store and do not fire');
    deps.onUnreadable?.(ids);
  }

  /** Each becomes an event in the transaction that marks it as fired: once, whatever ends the app when. */
  const fireSome = define('schedule.fire', (tx) => {
    const due = dueScheduled(tx.db, nowMs(), perTransaction, [...unreadable]);
    const readable = due.filter(isReadableScheduled);
    for (const row of readable) {
      const eventId = raiseEvent(tx, {
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
      markFired(tx.db, row.id, eventId);
    }
    return { fired: readable.length, damaged: due.filter((row) => !readable.includes(row)).map(({ id }) => id) };
  });

  const cancelOne = define('schedule.cancel', ({ db: handle }, id: string) => {
    const isNews = cancelScheduled(handle, id);
    const row = findScheduled(handle, id);
    if (row === null) throw new AppError('not_found', `There is no scheduled event ${id}.`);
    if (!isNews && row.state === 'fired') {
      throw new AppError('wrong_state', `The scheduled event ${id} was already raised as the event ${row.event_id}.`);
    }
    return toScheduledEvent(row);
  });

  const isOthers = (): boolean => {
    if (shared === undefined) return false;
    const next = nextScheduledAt(db, [...unreadable]);
    return !shared.isFirst() || next === null || next > nowMs();
  };

  async function fireDue(): Promise<void> {
    for (let count = perTransaction; count === perTransaction && !isStopped && !isOthers(); ) {
      const { fired, damaged } = await fireSome();
      for (const id of damaged) unreadable.add(id);
      if (damaged.length > 0) tellUnreadable();
      if (fired > 0) onChanged();
      count = fired + damaged.length;
    }
    const next = nextScheduledAt(db, [...unreadable]);
    // Not at once again in a cluster: its log's clock may be behind this one.
    if (next !== null) timer.expect(shared === undefined ? next : Math.max(next, nowMs() + 250));
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

  bus.on('event.scheduled', (dueAtMs) => {
    timer.expect(dueAtMs);
    onChanged();
  });

  return {
    start() {
      timer.start();
      wake();
    },
    wake,
    async cancel(id) {
      const canceled = await cancelOne(id);
      if (unreadable.delete(id)) tellUnreadable();
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
