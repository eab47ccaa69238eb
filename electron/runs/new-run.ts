import type { Run } from '../../shared/contract/runs.ts';
import type { NewRun } from '../store/runs/insert-run.ts';
import { describeRun } from '../store/runs/run-rows.ts';
import type { JobPlan } from './job-plans.ts';

/** The event that a run is for. */
export interface PlannedEvent {
  seq: number;
  id: string;
  source: string;
  type: string;
  depth: number;
}

type FirstStanding = Pick<NewRun, 'state' | 'reason' | 'error' | 'inbox' | 'needsApproval' | 'expiresAtMs'>;

/** What a new run waits for at first: an operator's approval or its turn. */
export function firstWait(job: JobPlan, needsApproval: boolean, nowMs: number): FirstStanding {
  const patienceMs = needsApproval ? job.approvalTimeoutMs : job.expireAfterMs;
  return {
    state: needsApproval ? 'pending' : 'queued',
    reason: null,
    error: null,
    inbox: needsApproval,
    needsApproval,
    expiresAtMs: patienceMs === null ? null : nowMs + patienceMs,
  };
}

/** There is no room for it: stored as failed, so that nothing disappears unseen. */
export const noRoom = (slug: string, { queue }: JobPlan, needsApproval: boolean): FirstStanding => ({
  state: 'failed',
  reason: 'queue',
  error: `the queue of job ${slug} is full (${queue} runs wait${needsApproval ? ' for approval' : ''})`,
  inbox: true,
  needsApproval,
  expiresAtMs: null,
});

/** Its events were gathered for a job that no longer exists: stored as failed, and sent when the job exists again and it is retried. */
export const deletedJob = (slug: string, needsApproval: boolean): FirstStanding => ({
  state: 'failed',
  reason: 'spawn',
  error: `The job ${slug} was deleted before this batch was complete. Create it again and retry this run.`,
  inbox: true,
  needsApproval,
  expiresAtMs: null,
});

/** `failure`: of a run that is stored as failed. */
export const describeNewRun = (
  run: NewRun,
  event: PlannedEvent,
  failure: { failureId: string; isInInbox: boolean } | null,
): Run =>
  describeRun(
    {
      id: run.id,
      event_id: event.id,
      event_type: event.type,
      source: event.source,
      listener: run.listener,
      job: run.job,
      queued_at: run.queuedAtMs,
      mode: run.mode,
      acknowledge: run.acknowledge,
      retry_of: run.retryOf,
    },
    {
      state: run.state,
      reason: run.reason,
      error: run.error,
      attempt: 0,
      attempts: run.attempts,
      exitCode: null,
      signal: null,
      progress: null,
      steps: null,
      question: null,
      outcome: null,
      isInInbox: failure?.isInInbox ?? run.inbox,
      failureId: failure?.failureId ?? null,
      dueAtMs: null,
      startedAtMs: null,
      finishedAtMs: run.state === 'failed' ? run.queuedAtMs : null,
      expiresAtMs: run.expiresAtMs,
      decidedBy: null,
      decidedAtMs: null,
      acknowledgedAtMs: null,
      acknowledgedBy: null,
      note: null,
    },
  );
