import { newId } from '../store/ids.ts';
import type { WritableDb } from '../store/open.ts';
import { insertRun } from '../store/runs.ts';
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
}

/**
 * Inside the transaction that stores the event: one run for each listener that takes it. A run for which the job's
 * queue has no room is stored as failed, and says so as every failed run does, so that nothing disappears unseen.
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
    const isFull = deps.jobs.waiting(match.job) >= plan.queue;
    const error = isFull ? `the queue of job ${match.job} is full (${plan.queue} runs wait)` : null;
    const seq = insertRun(db, {
      id,
      eventSeq: event.seq,
      listener: match.listener,
      listenerVersion: match.version,
      job: match.job,
      retryNo: 0,
      retryOf: null,
      state: isFull ? 'failed' : 'queued',
      reason: isFull ? 'queue' : null,
      error,
      attempts: plan.attempts,
      dueAtMs: null,
      queuedAtMs: nowMs,
      acknowledge: plan.acknowledge,
      inbox: isFull,
      depth: event.depth,
    });
    if (seq === 0) continue;
    planned.listeners.push(match.listener);
    if (!isFull) {
      planned.jobs.push(match.job);
      continue;
    }
    const said = deps.recordRunEvent(db, {
      type: 'job:failed',
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
      payload: { job: match.job, status: 'failed', reason: 'queue', info: error },
    });
    planned.eventSeqs.push(...said.eventSeqs);
    planned.jobs.push(...said.jobs);
    planned.listeners.push(...said.listeners);
  }
}
