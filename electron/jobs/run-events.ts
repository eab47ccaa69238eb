import type { Run } from '../../shared/contract/runs.ts';
import type { RunEventDraft } from '../intake/intake-types.ts';

/** What runs say on the built-in source `signalbox`. Outcomes are always stored, the rest where a listener could take it. */
export type RunEventType =
  | 'job:created'
  | 'job:pending'
  | 'job:approved'
  | 'job:rejected'
  | 'job:ready'
  | 'job:interaction-required'
  | 'job:updated'
  | 'job:completed'
  | 'job:failed'
  | 'job:canceled'
  | 'job:outcome-acknowledged'
  | 'job:deleted';

/** `depth` is that of the run's own event. */
export const runEvent = (type: RunEventType, run: Run, depth: number): RunEventDraft => ({
  type,
  runId: run.id,
  depth,
  context: {
    runId: run.id,
    eventId: run.eventId,
    listener: run.listener,
    job: run.job,
    source: run.source,
    eventType: run.eventType,
  },
  payload: {
    job: run.job,
    status: run.state,
    attempt: run.attempt,
    reason: run.reason,
    exitCode: run.exitCode,
    progress: run.progress,
    steps: run.steps,
    question: run.question,
    outcome: run.outcome,
    info: run.error ?? run.note ?? run.progress?.message ?? null,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
  },
});

export const outcomeEventType = (state: 'completed' | 'failed' | 'canceled'): RunEventType => `job:${state}`;
