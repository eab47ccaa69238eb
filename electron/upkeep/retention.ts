import type { Logger } from 'pino';
import type { Settings } from '../../shared/contract/settings.ts';
import { pruneAudit } from '../store/accounts/audit-log.ts';
import type { WritableDb } from '../store/database/open.ts';
import { dedupeMs, pruneDedupe } from '../store/events/dedupe.ts';
import { removeOldScheduled } from '../store/events/scheduled-events.ts';
import { pruneFailures } from '../store/failures/list-failures.ts';
import type { Reader } from '../store/read/reader.ts';
import { removeOldOutput } from '../store/runs/run-retention.ts';
import type { Indexer } from '../store/search/indexer.ts';
import { removeEvents, removeOldDeliveries } from '../store/upkeep/retention.ts';
import type { Writer } from '../store/write/writer.ts';

const dayMs = 86_400_000;
/** A failure is kept longer than its runs: whether it is new, or an old one come back, is what its history tells. */
const failureDays = 365;
const everyMs = 60_000;
/** Rows that one transaction removes: a few milliseconds. */
const batchRows = 200;
/** Rows that one look finds. */
const foundRows = 1000;
/** Batches of one pass; what is left waits for the next minute. */
const maxBatches = 200;

export interface RetentionDeps {
  reader: Reader;
  writer: Writer;
  indexer: Pick<Indexer, 'remove'>;
  settings: () => Settings;
  log: Logger;
  nowMs: () => number;
  /** In a cluster the ids of senders are kept a day longer than they count: nodes prune at times of their own. */
  isInCluster?: boolean;
  onRemoved: (events: number) => void;
}

/** Removes what is older or more than the settings keep, a little at a time. Returns the way to stop. */
export function startRetention(deps: RetentionDeps): { runNow: () => Promise<number>; stop: () => Promise<void> } {
  let isStopped = false;
  let pass: Promise<number> = Promise.resolve(0);
  const runNow = (): Promise<number> => {
    pass = pass.then(() => prune(deps, () => isStopped));
    return pass;
  };
  const timer = setInterval(() => {
    runNow().catch((error: unknown) => deps.log.error({ err: error }, 'retention failed; it tries again in a minute'));
  }, everyMs);
  timer.unref();
  return {
    runNow,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await pass.catch(() => 0);
    },
  };
}

async function prune(deps: RetentionDeps, isStopped: () => boolean): Promise<number> {
  const { writer } = deps;
  const { retention, access } = deps.settings();
  const nowMs = deps.nowMs();
  const beforeMs = nowMs - retention.days * dayMs;
  let removed = 0;
  for (let batch = 0; batch < maxBatches && !isStopped(); batch++) {
    const seqs = await deps.reader.read('findExpiredEvents', {
      beforeMs,
      keepEvents: retention.events,
      keepBytes: retention.bytes,
      limit: foundRows,
    });
    for (let at = 0; at < seqs.length; at += batchRows) {
      const some = seqs.slice(at, at + batchRows);
      await writer.write(({ db }) => removeEvents(db, some));
    }
    deps.indexer.remove(seqs);
    removed += seqs.length;
    if (seqs.length < foundRows) break;
  }
  const removeSome: ((db: WritableDb) => number)[] = [
    (db) => removeOldScheduled(db, beforeMs, batchRows),
    (db) => pruneDedupe(db, nowMs - dedupeMs - (deps.isInCluster === true ? dayMs : 0), batchRows),
    (db) => removeOldDeliveries(db, beforeMs, batchRows),
    (db) => removeOldOutput(db, nowMs - retention.outputDays * dayMs, batchRows),
    (db) => pruneFailures(db, nowMs - Math.max(failureDays, retention.days) * dayMs, batchRows),
    (db) => pruneAudit(db, nowMs - access.auditDays * dayMs, batchRows),
  ];
  for (const remove of removeSome) {
    for (let batch = 0; batch < maxBatches && !isStopped(); batch++) {
      if ((await writer.write(({ db }) => remove(db))) < batchRows) break;
    }
  }
  deps.onRemoved(removed);
  if (removed > 0) deps.log.info({ removed }, 'events removed by retention');
  return removed;
}
