import type { BatchTerms } from '../store/events/batch-terms.ts';
import {
  addToBatch,
  closeBatch,
  dueBatches,
  findOpenBatch,
  findOpenBatchOf,
  isGathered,
  lastEventOf,
  type OpenBatch,
  openBatch,
  openBatchesOfJob,
  payloadBytes,
  postponeBatch,
} from '../store/events/batches.ts';
import { hasPlannedRun } from '../store/runs/find-run.ts';
import { manyOrderKeys } from '../store/runs/run-claims.ts';
import type { Transaction } from '../store/write/writer.ts';
import type { Bus } from './announcements.ts';
import type { JobPlan, JobPlans } from './job-plans.ts';
import type { PlannedEvent } from './new-run.ts';
import { readOrderKey } from './order-key.ts';

/** What a listener that takes an event wants to run. */
export interface PlannedRun {
  listener: string;
  version: number;
  job: string;
  /** Its runs wait for an approval, whatever the job says. */
  needsApproval: boolean;
  /** Its events are gathered; null: as the job has it. */
  batch?: BatchTerms | null | undefined;
}

/** The events of a run that has several. */
export interface RunBatch {
  seq: number;
  orderKey: string | null;
}

export interface RunBatchDeps {
  jobs: Pick<JobPlans, 'plan' | 'isUnreadable'>;
  bus: Bus;
  nowMs(): number;
  /** Plans the run of a batch; `event` is its newest. `job` null: it was deleted, and the run is stored as failed. */
  plan(tx: Transaction, event: PlannedEvent, run: PlannedRun, job: JobPlan | null, batch: RunBatch): void;
}

/** The definition of a batch's job is damaged: its events wait, and it is looked at again. */
const unreadableJobMs = 60_000;

/**
 * Gathers events for one run: in the transaction that stores the event, and in that of the last one the run is planned, so
 * that neither is lost nor made twice, whatever ends the app when.
 */
export function createRunBatches({ jobs, bus, nowMs, plan }: RunBatchDeps) {
  function close(tx: Transaction, batch: OpenBatch): void {
    if (jobs.isUnreadable(batch.job)) postponeBatch(tx.db, batch.seq, nowMs() + unreadableJobMs);
    else planRun(tx, batch, jobs.plan(batch.job));
  }

  function planRun(tx: Transaction, batch: OpenBatch, job: JobPlan | null): void {
    const { seq, listener, version, job: slug, order_key: orderKey, depth } = batch;
    closeBatch(tx.db, seq);
    const event = lastEventOf(tx.db, seq);
    if (event === null) return;
    const run = { listener, version, job: slug, needsApproval: batch.needs_approval === 1 };
    plan(tx, { ...event, depth }, run, job, { seq, orderKey });
  }

  function gather(tx: Transaction, event: PlannedEvent, run: PlannedRun, job: JobPlan, terms: BatchTerms): void {
    const { db } = tx;
    const { listener, version, needsApproval } = run;
    if (isGathered(db, event.seq, listener) || hasPlannedRun(db, event.seq, listener)) return;
    const key = (terms.by === null ? null : readOrderKey(db, event.id, terms.by)) ?? '';
    const bytes = payloadBytes(db, event.seq);
    let open = findOpenBatch(db, listener, key);
    if (open !== null && !hasRoom(open, run, bytes, terms)) {
      // One whose job is damaged stays open, and takes more.
      if (!jobs.isUnreadable(open.job)) {
        close(tx, open);
        open = null;
      }
    }
    const dueAtMs = nowMs() + terms.periodMs;
    const needs_approval = needsApproval ? 1 : 0;
    const first = { listener, key, version, job: run.job, needs_approval, depth: 0, order_key: null };
    const batch = open ?? openBatch(db, { ...first, due_at: dueAtMs, count: terms.count });
    if (open === null) tx.afterCommit(() => bus.emit('batch.opened', dueAtMs));
    const orderKey = job.orderBy === null ? null : readOrderKey(db, event.id, job.orderBy);
    const grown = {
      ...batch,
      version,
      depth: Math.max(batch.depth, event.depth),
      order_key: joinKeys(batch.order_key, orderKey),
      events: batch.events + 1,
      bytes: batch.bytes + bytes,
    };
    addToBatch(db, event.seq, grown, terms.count);
    const atMs = nowMs();
    tx.afterCommit(() => bus.emit('listener.matched', listener, atMs));
    if (grown.events >= terms.count || grown.bytes >= terms.bytes) close(tx, grown);
  }

  return {
    gather,
    /** Those whose time is up. Returns how many. */
    closeDue(tx: Transaction, limit: number): number {
      const due = dueBatches(tx.db, nowMs(), limit);
      for (const batch of due) close(tx, batch);
      return due.length;
    },
    /** This job is being deleted: what was gathered for it is stored as failed runs. */
    closeOfDeletedJob(tx: Transaction, job: string): void {
      for (const batch of openBatchesOfJob(tx.db, job)) planRun(tx, batch, null);
    },
    /** An operator does not want to wait for the batch that this event is in. */
    closeOf(tx: Transaction, eventSeq: number, listener: string): void {
      const open = findOpenBatchOf(tx.db, eventSeq, listener);
      if (open !== null) close(tx, open);
    },
  };
}

const hasRoom = (open: OpenBatch, { job, needsApproval }: PlannedRun, bytes: number, terms: BatchTerms): boolean =>
  open.job === job && (open.needs_approval === 1) === needsApproval && open.bytes + bytes <= terms.bytes;

function joinKeys(before: string | null, key: string | null): string | null {
  if (before === null || key === null || before === key) return before ?? key;
  return manyOrderKeys;
}

export type RunBatches = ReturnType<typeof createRunBatches>;
