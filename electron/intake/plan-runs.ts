import { jobName, statusOf } from '../runs/run-event.ts';
import { newId } from '../store/ids.ts';
import type { WritableDb } from '../store/open.ts';
import { insertRun } from '../store/runs/insert-run.ts';
import { countPending } from '../store/runs/run-approvals.ts';
import type { Planned, RunEventDraft } from './intake-types.ts';
import type { JobPlans, Match } from './planning-types.ts';

/** A run's outcome may start another run, and so on; events deeper than this start nothing and say so. */
export const maxChainDepth = 8;

export interface PlannedEvent {
  seq: number;
  id: string;
  source: string;
  type: string;
  depth: number;
}

export interface PlanDeps {
  jobs: JobPlans;
  nowMs: () => number;
  recordRunEvent: (db: WritableDb, draft: RunEventDraft) => Planned;
  /** Whether a listener could take this type from `signalbox`. */
  hasListenerFor: (type: string) => boolean;
}

/**
 * Inside the transaction that stores the event: one run for each listener that takes it. As many may wait for approval
 * as may wait in the job's queue. A run for which there is no room is stored as failed, and says so as every failed run
 * does, so that nothing disappears unseen.
 */
export function planRuns(
  db: WritableDb,
  event: PlannedEvent,
  matches: readonly Match[],
  deps: PlanDeps,
  planned: Planned,
): void {
  for (const match of matches) {
    const plan = deps.jobs.plan(match.job);
    if (plan === null) continue;
    const nowMs = deps.nowMs();
    const id = newId('run', nowMs);
    const needsApproval = match.needsApproval || plan.approval === 'required';
    const waiting = needsApproval ? countPending(db, match.job) : deps.jobs.waiting(match.job);
    const isFull = waiting >= plan.queue;
    const patienceMs = needsApproval ? plan.approvalTimeoutMs : plan.expireAfterMs;
    const expiresAtMs = isFull || patienceMs === null ? null : nowMs + patienceMs;
    const state = isFull ? 'failed' : needsApproval ? 'pending' : 'queued';
    const error = isFull ? sayFull(match.job, plan.queue, needsApproval) : null;
    const seq = insertRun(db, {
      id,
      eventSeq: event.seq,
      listener: match.listener,
      listenerVersion: match.version,
      job: match.job,
      retryNo: 0,
      retryOf: null,
      state,
      reason: isFull ? 'queue' : null,
      error,
      attempts: plan.attempts,
      dueAtMs: null,
      queuedAtMs: nowMs,
      acknowledge: plan.acknowledge,
      inbox: isFull || needsApproval,
      depth: event.depth,
      mode: plan.mode,
      needsApproval,
      expiresAtMs,
    });
    if (seq === 0) continue;
    planned.listeners.push(match.listener);
    if (state === 'queued') planned.jobs.push(match.job);
    if (state === 'pending') planned.pendingSeqs = [...(planned.pendingSeqs ?? []), seq];
    noteExpiry(planned, expiresAtMs);
    const types = [...(isFull ? ['job:failed'] : []), ...transitions(event, state).filter(deps.hasListenerFor)];
    for (const type of types) {
      const said = deps.recordRunEvent(db, {
        type,
        runId: id,
        depth: event.depth,
        context: {
          runId: id,
          eventId: event.id,
          listener: match.listener,
          job: match.job,
          source: event.source,
          eventType: event.type,
        },
        payload: {
          ...jobName(match.job),
          mode: plan.mode,
          status: statusOf(type, state),
          state,
          reason: isFull ? 'queue' : null,
          info: error,
        },
      });
      addPlanned(planned, said);
    }
  }
}

const sayFull = (job: string, queue: number, needsApproval: boolean): string =>
  `the queue of job ${job} is full (${queue} runs wait${needsApproval ? ' for approval' : ''})`;

/**
 * What the planning of a run is told as. Runs that were themselves started by such news say nothing of their own
 * planning: a listener on `job:*` would otherwise feed on itself, twice as many at each step.
 */
function transitions({ source, type }: PlannedEvent, state: 'failed' | 'pending' | 'queued'): string[] {
  if (source === 'signalbox' && type.startsWith('job:')) return [];
  return state === 'pending' ? ['job:created', 'job:pending'] : ['job:created'];
}

const noteExpiry = (planned: Planned, atMs: number | null): void => {
  if (atMs !== null) planned.expiresAtMs = Math.min(atMs, planned.expiresAtMs ?? atMs);
};

/** What one transaction planned, in one. */
export function addPlanned(planned: Planned, more: Planned): void {
  planned.eventSeqs.push(...more.eventSeqs);
  planned.jobs.push(...more.jobs);
  planned.listeners.push(...more.listeners);
  if (more.pendingSeqs !== undefined) planned.pendingSeqs = [...(planned.pendingSeqs ?? []), ...more.pendingSeqs];
  noteExpiry(planned, more.expiresAtMs ?? null);
}
