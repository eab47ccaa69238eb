import { AppError } from '../../shared/contract/errors.ts';
import type { Run } from '../../shared/contract/runs.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import type { Planned } from '../intake/intake-types.ts';
import { type RunEventType, runEvent } from '../runs/run-event.ts';
import { internEventType } from '../store/event-types.ts';
import { insertEvent, readEventRow } from '../store/events.ts';
import { newId } from '../store/ids.ts';
import type { ReadableDb, WritableDb } from '../store/open.ts';
import { findRun, findRunBySeq } from '../store/runs/find-run.ts';
import { insertRun } from '../store/runs/insert-run.ts';
import { cancelWaiting, queueNow } from '../store/runs/run-claims.ts';
import { leaveInboxForRetry, nextRetryNo } from '../store/runs/run-history.ts';
import { type RunRow, toRun } from '../store/runs/run-rows.ts';
import type { CatalogJob } from './job-catalog.ts';
import type { GivenEvent, JobRunnerDeps, TestRunInput } from './runner-types.ts';

type OperationDeps = Pick<JobRunnerDeps, 'catalog' | 'intake'>;

/** What an operator's order changed, for the caller to tell once it is on disk. */
export interface Changed {
  run: Run;
  also: Run[];
  planned: Planned[];
  /** The job to wake. */
  queued: string | null;
}

export function mustFindRun(db: ReadableDb, id: string): RunRow {
  const row = findRun(db, id);
  if (row === null) throw new AppError('not_found', `There is no run ${id}; it may have been removed with its event.`);
  return row;
}

/** What a new run waits for at first: an operator's approval or its turn. */
function firstWait(job: CatalogJob, nowMs: number, wasApproved: boolean) {
  const needsApproval = wasApproved || job.approval === 'required';
  const patienceMs = needsApproval ? job.approvalTimeoutMs : job.expireAfterMs;
  return {
    state: needsApproval ? 'pending' : 'queued',
    inbox: needsApproval,
    needsApproval,
    expiresAtMs: patienceMs === null ? null : nowMs + patienceMs,
    mode: job.mode,
  } as const;
}

/** Inside the transaction that canceled a waiting run. */
export function sayCanceled(db: WritableDb, seq: number, intake: OperationDeps['intake']): Planned {
  const row = findRunBySeq(db, seq);
  if (row === null) throw new Error(`the run with seq ${seq} is gone`);
  return intake.recordRunEvent(db, runEvent('job:canceled', toRun(row), row.depth));
}

/** Null: it is running, and its processes must end first. */
export function cancelInDb(
  db: WritableDb,
  id: string,
  nowMs: number,
  { catalog, intake }: OperationDeps,
): Changed | null {
  const row = mustFindRun(db, id);
  if (row.state === 'running' || row.state === 'interaction_required') return null;
  if (!cancelWaiting(db, row.seq, nowMs)) {
    throw new AppError(
      'wrong_state',
      `The run ${id} is ${row.state} already; only a run that has not ended can be canceled.`,
    );
  }
  if (row.state === 'queued') catalog.addWaiting(row.job, -1);
  const run = toRun(mustFindRun(db, id));
  return {
    run,
    also: [],
    planned: [intake.recordRunEvent(db, runEvent('job:canceled', run, row.depth))],
    queued: null,
  };
}

export function retryInDb(db: WritableDb, id: string, nowMs: number, deps: OperationDeps): Changed {
  const { catalog, intake } = deps;
  const row = mustFindRun(db, id);
  if (row.state === 'scheduled') {
    queueNow(db, row.seq);
    catalog.addWaiting(row.job, 1);
    return { run: toRun(mustFindRun(db, id)), also: [], planned: [], queued: row.job };
  }
  if (row.state !== 'completed' && row.state !== 'failed' && row.state !== 'canceled') {
    throw new AppError('wrong_state', `The run ${id} is ${row.state}; it can be retried once it has ended.`);
  }
  const job = catalog.get(row.job);
  if (job === null) {
    throw new AppError('not_found', `The job ${row.job} of this run was removed; create it again to retry the run.`);
  }
  const waits = firstWait(job, nowMs, row.needs_approval === 1);
  const retryId = newId('run', nowMs);
  insertRun(db, {
    id: retryId,
    eventSeq: row.event_seq,
    listener: row.listener,
    listenerVersion: null,
    job: row.job,
    retryNo: nextRetryNo(db, row),
    retryOf: row.id,
    reason: null,
    error: null,
    attempts: job.attempts,
    dueAtMs: null,
    queuedAtMs: nowMs,
    acknowledge: job.acknowledge,
    depth: row.depth,
    ...waits,
  });
  if (waits.state === 'queued') catalog.addWaiting(row.job, 1);
  leaveInboxForRetry(db, row.seq, `Retried as ${retryId}`);
  const retry = mustFindRun(db, retryId);
  return {
    run: toRun(retry),
    also: [toRun(mustFindRun(db, id))],
    planned: recordCreated(db, retry, intake),
    queued: waits.state === 'queued' ? row.job : null,
  };
}

export function testInDb(db: WritableDb, input: TestRunInput, nowMs: number, deps: OperationDeps): Changed {
  const { catalog, intake } = deps;
  const job = catalog.get(input.slug);
  if (job === null) throw new AppError('not_found', `There is no job ${input.slug}.`);
  let eventSeq: number;
  if ('eventId' in input) {
    const event = readEventRow(db, input.eventId);
    if (event === null) throw new AppError('not_found', `There is no event ${input.eventId}.`);
    eventSeq = event.seq;
  } else {
    eventSeq = insertTestEvent(db, input.event ?? { type: 'test', payload: {} }, nowMs);
  }
  const waits = firstWait(job, nowMs, false);
  const id = newId('run', nowMs);
  insertRun(db, {
    id,
    eventSeq,
    listener: null,
    listenerVersion: null,
    job: job.slug,
    retryNo: 0,
    retryOf: null,
    reason: null,
    error: null,
    // Whoever tries a job wants to see the first failure, not wait for the last.
    attempts: 1,
    dueAtMs: null,
    queuedAtMs: nowMs,
    acknowledge: 'none',
    depth: 0,
    ...waits,
  });
  if (waits.state === 'queued') catalog.addWaiting(job.slug, 1);
  const row = mustFindRun(db, id);
  const queued = waits.state === 'queued' ? job.slug : null;
  return { run: toRun(row), also: [], planned: recordCreated(db, row, intake), queued };
}

/** Stored for the run to have an event; no listener is asked, for only this job was to be tried. */
function insertTestEvent(db: WritableDb, event: GivenEvent, nowMs: number): number {
  return insertEvent(db, {
    id: newId('evt', nowMs),
    typeId: internEventType(db, 'signalbox', 'signalbox', event.type),
    externalId: null,
    occurredAtMs: null,
    receivedAtMs: nowMs,
    context: stringifyExact(event.context ?? {}),
    payload: stringifyExact(event.payload),
    verification: JSON.stringify({ state: 'internal', scheme: null, detail: 'made for a test run' }),
    deliverySeq: null,
    replayOf: null,
    causedByRun: null,
    depth: 0,
    ignored: false,
    chainStopped: false,
  });
}

function recordCreated(db: WritableDb, row: RunRow, intake: OperationDeps['intake']): Planned[] {
  const types: RunEventType[] = row.state === 'pending' ? ['job:created', 'job:pending'] : ['job:created'];
  return types
    .filter((type) => intake.hasListenerFor(type))
    .map((type) => intake.recordRunEvent(db, runEvent(type, toRun(row), row.depth)));
}
