import type { Run, RunState, Step } from '../../shared/contract/runs.ts';
import type { RunEventDraft } from '../intake/intake-types.ts';
import { areAllWaiting } from '../jobs/run-steps.ts';

/** What runs say on the built-in source `signalbox`. Outcomes are always stored, the rest where a listener could take it. */
export type RunEventType =
  | 'job:created'
  | 'job:pending'
  | 'job:approved'
  | 'job:rejected'
  | 'job:scheduled'
  | 'job:ready'
  | 'job:interaction-required'
  | 'job:updated'
  | 'job:parts-completed'
  | 'job:completed'
  | 'job:failed'
  | 'job:canceled'
  | 'job:outcome-acknowledged'
  | 'job:deleted';

/** The vendor's name for a job, `domain:operation`, and its parts. */
export const jobName = (slug: string) => ({ job: `job:${slug}`, domain: 'job', operation: slug });

/**
 * Where the job is in the vendor's lifecycle, whose words differ from the states of our runs. A job that has said its
 * plan and begun none of its parts is `planning`.
 */
export function statusOf(type: string, state: RunState, steps: readonly Step[] | null = null): string {
  if (type === 'job:created') return 'created';
  if (type === 'job:ready') return 'ready';
  switch (state) {
    case 'pending':
    case 'interaction_required':
      return 'waiting';
    case 'queued':
      return 'ready';
    case 'running':
      return areAllWaiting(steps) ? 'planning' : 'executing';
    case 'completed':
      return 'complete';
    default:
      return state;
  }
}

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
    ...jobName(run.job),
    mode: run.mode,
    status: statusOf(type, run.state, run.steps),
    state: run.state,
    attempt: run.attempt,
    reason: run.reason,
    exitCode: run.exitCode,
    progress: run.progress,
    steps: run.steps,
    question: run.question,
    outcome: run.outcome,
    info: run.error ?? run.note ?? run.progress?.message ?? null,
    decidedBy: run.decidedBy,
    dueAt: run.dueAt,
    retryOf: run.retryOf,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
  },
});

export const outcomeEventType = (state: 'completed' | 'failed' | 'canceled'): RunEventType => `job:${state}`;
