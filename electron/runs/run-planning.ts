import type { JobEventType } from '../../shared/contract/job-events.ts';
import type { Run } from '../../shared/contract/runs.ts';
import { ownSource } from '../../shared/own-source.ts';
import { newId } from '../store/database/ids.ts';
import { currentEntry } from '../store/database/log-entry.ts';
import { batchOrderKey } from '../store/events/batches.ts';
import { insertRun, type NewRun } from '../store/runs/insert-run.ts';
import { countPending } from '../store/runs/run-approvals.ts';
import { countWaitingOf } from '../store/runs/run-counts.ts';
import { leaveInboxForRetry, nextRetryNo } from '../store/runs/run-history.ts';
import type { RunRow } from '../store/runs/run-rows.ts';
import type { Transaction } from '../store/write/writer.ts';
import type { FailureGroups } from './failures/failure-groups.ts';
import type { JobPlan } from './job-plans.ts';
import { deletedJob, describeNewRun, firstWait, noRoom, type PlannedEvent } from './new-run.ts';
import { readOrderKey } from './order-key.ts';
import type { RunAnnouncer, RunAnnouncerDeps } from './run-announcer.ts';
import { createRunBatches, type PlannedRun, type RunBatch } from './run-batches.ts';

const created = (state: NewRun['state']): JobEventType[] =>
  state === 'pending' ? ['job:created', 'job:pending'] : ['job:created'];

const orderKeyOf = (tx: Transaction, event: PlannedEvent, { orderBy }: JobPlan): string | null =>
  orderBy === null ? null : readOrderKey(tx.db, event.id, orderBy);

/** In place of a job that was deleted while events were gathered for it. */
const deleted: JobPlan = {
  batch: null,
  attempts: 1,
  acknowledge: 'none',
  mode: 'foreground',
  approval: 'none',
  approvalTimeoutMs: 0,
  expireAfterMs: null,
  queue: 0,
  orderBy: null,
};

/** How runs begin; part of the lifecycle. */
export function createRunPlanning(
  deps: RunAnnouncerDeps & { nowMs(): number },
  announcer: RunAnnouncer,
  failures: Pick<FailureGroups, 'record'>,
) {
  const { jobs, nowMs } = deps;

  function add(
    tx: Transaction,
    event: PlannedEvent,
    run: NewRun,
    how: { types: readonly JobEventType[]; isPushed: boolean },
  ): (() => Run) | null {
    const seq = insertRun(tx.db, run);
    if (seq === 0) return null;
    // Every delivery comes through here, and most runs need no description.
    const failure =
      run.state === 'failed'
        ? failures.record(
            tx,
            { ...run, seq },
            { ...run, exitCode: null, signal: null, outcome: null, atMs: run.queuedAtMs },
          )
        : null;
    const describe = (): Run => describeNewRun(run, event, failure);
    announcer.announce(tx, { types: how.types, isPushed: how.isPushed, depth: run.depth, describe });
    if (run.state === 'queued') announcer.queued(tx, run.job);
    if (run.state === 'failed') {
      const { reason, error } = run;
      announcer.ended(
        tx,
        { seq, job: run.job },
        { state: 'failed', reason, error, outcome: null, retryAtMs: null },
        true,
      );
    }
    announcer.waits(tx, run.expiresAtMs);
    return describe;
  }

  function planOne(
    tx: Transaction,
    event: PlannedEvent,
    { listener, version, job: slug, ...asked }: PlannedRun,
    found: JobPlan | null,
    batch: RunBatch | null,
  ): void {
    const atMs = nowMs();
    const job = found ?? deleted;
    const needsApproval = asked.needsApproval || job.approval === 'required';
    // Nodes of a cluster must agree, and memory trails the store by a commit.
    const waiting = (): number =>
      currentEntry() === null ? jobs.waiting(slug) : countWaitingOf(tx.db, slug, job.queue);
    const hasRoom = (needsApproval ? countPending(tx.db, slug) : waiting()) < job.queue;
    const standing =
      found === null
        ? deletedJob(slug, needsApproval)
        : hasRoom
          ? firstWait(job, needsApproval, atMs)
          : noRoom(slug, job, needsApproval);
    // Runs that a `job:*` event starts record no events of their own planning: a listener on `job:*` would trigger itself.
    const isForJobEvent = event.source === ownSource && event.type.startsWith('job:');
    const types: JobEventType[] = isForJobEvent ? [] : created(standing.state);
    const run: NewRun = {
      id: newId('run', atMs),
      eventSeq: event.seq,
      listener,
      listenerVersion: version,
      job: slug,
      retryNo: 0,
      retryOf: null,
      attempts: job.attempts,
      queuedAtMs: atMs,
      acknowledge: job.acknowledge,
      depth: event.depth,
      mode: job.mode,
      ...standing,
      orderKey: batch === null ? orderKeyOf(tx, event, job) : batch.orderKey,
      batchSeq: batch?.seq,
    };
    // Lists of new events show their runs; those of a batch came before.
    const isPushed = run.state !== 'queued' || batch !== null;
    const how = { types: run.state === 'failed' ? ['job:failed' as const, ...types] : types, isPushed };
    if (add(tx, event, run, how) !== null && batch === null) {
      tx.afterCommit(() => deps.bus.emit('listener.matched', listener, atMs));
    }
  }

  const batches = createRunBatches({ ...deps, plan: planOne });

  return {
    /**
     * → pending, queued; → failed without room: as many may wait for approval as may wait in the job's queue. Where events are
     * gathered, the run comes with the last one of them.
     */
    plan(tx: Transaction, event: PlannedEvent, run: PlannedRun): void {
      const job = jobs.plan(run.job);
      if (job === null) return;
      const terms = run.batch ?? job.batch;
      if (terms === null) planOne(tx, event, run, job, null);
      else batches.gather(tx, event, run, job, terms);
    },

    closeDueBatches: batches.closeDue,
    closeBatchOf: batches.closeOf,
    closeBatchesOfDeletedJob: batches.closeOfDeletedJob,

    /** → pending, queued: an operator tries a job. */
    test(tx: Transaction, event: PlannedEvent, slug: string, job: JobPlan): Run | null {
      const atMs = nowMs();
      const standing = firstWait(job, job.approval === 'required', atMs);
      const run: NewRun = {
        id: newId('run', atMs),
        eventSeq: event.seq,
        listener: null,
        listenerVersion: null,
        job: slug,
        retryNo: 0,
        retryOf: null,
        // An operator who tries a job wants to see the first failure, not wait for the last.
        attempts: 1,
        queuedAtMs: atMs,
        acknowledge: 'none',
        depth: 0,
        mode: job.mode,
        ...standing,
      };
      return add(tx, event, run, { types: created(standing.state), isPushed: true })?.() ?? null;
    },

    /** completed, failed, canceled: another run, pending or queued, takes its place in the inbox. */
    retry(tx: Transaction, row: RunRow, job: JobPlan): Run | null {
      if (row.state !== 'completed' && row.state !== 'failed' && row.state !== 'canceled') return null;
      const atMs = nowMs();
      const standing = firstWait(job, row.needs_approval === 1 || job.approval === 'required', atMs);
      const { event_seq: seq, event_id: id, event_type: type, source, depth } = row;
      const event = { seq, id, type, source, depth };
      const run: NewRun = {
        id: newId('run', atMs),
        eventSeq: row.event_seq,
        listener: row.listener,
        listenerVersion: null,
        job: row.job,
        retryNo: nextRetryNo(tx.db, row),
        retryOf: row.id,
        attempts: job.attempts,
        queuedAtMs: atMs,
        acknowledge: job.acknowledge,
        depth: row.depth,
        mode: job.mode,
        ...standing,
        orderKey: row.batch_seq === null ? orderKeyOf(tx, event, job) : batchOrderKey(tx.db, row.batch_seq),
        batchSeq: row.batch_seq,
      };
      const retry = add(tx, event, run, { types: created(standing.state), isPushed: true });
      leaveInboxForRetry(tx.db, row.seq, `Retried as ${run.id}`);
      announcer.announceStored(tx, row.seq, []);
      return retry?.() ?? null;
    },
  };
}
