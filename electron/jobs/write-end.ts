import type { Intake, Planned } from '../intake/intake-types.ts';
import type { RunEnd } from '../runs/run-end.ts';
import { outcomeEventType, type RunEventType, runEvent } from '../runs/run-event.ts';
import type { WritableDb } from '../store/open.ts';
import { returnToPending } from '../store/runs/run-approvals.ts';
import { countInterruptions, finishRun, requeueInterrupted, scheduleRetry } from '../store/runs/run-claims.ts';
import { belongsInInbox, describeRun, type Finish } from './active-run.ts';
import { areAllCompleted } from './run-steps.ts';
import { type Said, writeSaid } from './run-ticker.ts';

/** A run that was cut short so often is taken to be what ends the app. */
export const maxInterruptions = 5;

/** How an attempt ended, with its last words. */
export interface Ending extends Finish {
  said: Said | null;
}

export const toRunEnd = ({ end, outcome, next }: Finish): RunEnd => ({
  state: end.state,
  reason: end.reason,
  error: end.error,
  outcome: outcome?.value ?? null,
  retryAtMs: next.kind === 'retry' ? next.dueAtMs : null,
});

/**
 * Inside a transaction: stores the end of an attempt and what follows, and says it as events, which go to `planned`.
 * Answers what did follow.
 */
export function writeEnd(
  db: WritableDb,
  ending: Ending,
  intake: Pick<Intake, 'recordRunEvent' | 'hasListenerFor'>,
  planned: Planned[],
): Ending {
  const { run, end, said } = ending;
  const { seq, acknowledge, depth } = run.row;
  const say = (type: RunEventType, finish: Finish | null): void => {
    planned.push(intake.recordRunEvent(db, runEvent(type, describeRun(run, finish), depth)));
  };
  if (said !== null) writeSaid(db, said);
  let actual = ending;
  if (ending.next.kind === 'requeue') {
    if (countInterruptions(db, seq) < maxInterruptions) {
      requeueInterrupted(db, seq, end.error ?? '', end.finishedAtMs);
      return ending;
    }
    actual = { ...ending, next: { kind: 'final' } };
  }
  if (actual.next.kind === 'pending') {
    const isWritten = returnToPending(db, seq, run.attempt, actual.next);
    if (isWritten && intake.hasListenerFor('job:pending')) say('job:pending', actual);
    return actual;
  }
  if (actual.next.kind === 'retry') {
    const isWritten = scheduleRetry(db, seq, run.attempt, end, actual.next.dueAtMs);
    if (isWritten && intake.hasListenerFor('job:scheduled')) say('job:scheduled', actual);
    return actual;
  }
  if (finishRun(db, seq, run.attempt, end, belongsInInbox(end.state, acknowledge))) {
    // Parts that the end itself has completed, or that were never planned.
    const isNews = end.state === 'completed' && run.plan !== 'done' && areAllCompleted(run.steps);
    if (isNews && intake.hasListenerFor('job:parts-completed')) say('job:parts-completed', null);
    say(outcomeEventType(end.state), actual);
  }
  return actual;
}
