import type { DestinationEventPayload, DestinationEventType } from '../../shared/contract/destination-events.ts';
import type { JobEventContext, JobEventPayload, JobEventType } from '../../shared/contract/job-events.ts';
import type { Run, RunState, Step } from '../../shared/contract/runs.ts';
import { areAllWaiting } from './step-states.ts';

interface DraftOrigin {
  /** Null for events of no run, such as a job's deletion. */
  runId: string | null;
  /** Depth of the run's own event; the new event is one deeper. */
  depth: number;
}

interface JobEventDraft extends DraftOrigin {
  type: JobEventType;
  context: JobEventContext;
  payload: JobEventPayload;
}

interface DestinationEventDraft extends DraftOrigin {
  type: DestinationEventType;
  context: { job: string };
  payload: DestinationEventPayload;
}

/** An event of the built-in source `signalbox`. */
export type OwnEventDraft = JobEventDraft | DestinationEventDraft;

/** Ends are always stored, the rest where a listener could take it. */
export const isAlwaysStored = (type: JobEventType): boolean =>
  type === 'job:completed' || type === 'job:failed' || type === 'job:canceled';

/**
 * Where the job is in the vendor's lifecycle, whose words differ from the states of our runs. A job that has said its
 * plan and begun none of its parts is `planning`.
 */
export function statusOf(
  type: string,
  state: RunState,
  steps: readonly Step[] | null = null,
): JobEventPayload['status'] {
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

/** The vendor's name for a job, `domain:operation`, and its parts. */
const jobName = (slug: string) => ({ job: `job:${slug}`, domain: 'job', operation: slug }) as const;

/** The event of a run's change. `depth` is that of the run's own event. */
export const runEvent = (type: JobEventType, run: Run, depth: number): JobEventDraft => ({
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

export const jobDeletedEvent = (slug: string): JobEventDraft => ({
  type: 'job:deleted',
  runId: null,
  depth: 0,
  context: { runId: null, eventId: null, listener: null, job: slug, source: null, eventType: null },
  payload: {
    ...jobName(slug),
    mode: null,
    status: 'deleted',
    state: null,
    attempt: null,
    reason: null,
    exitCode: null,
    progress: null,
    steps: null,
    question: null,
    outcome: null,
    info: null,
    decidedBy: null,
    dueAt: null,
    retryOf: null,
    startedAt: null,
    finishedAt: null,
  },
});

export const destinationEvent = (
  type: DestinationEventType,
  job: string,
  { url, state, reason }: Omit<DestinationEventPayload, 'destination'>,
): DestinationEventDraft => ({
  type,
  runId: null,
  depth: 0,
  context: { job },
  payload: { destination: job, url, state, reason },
});
