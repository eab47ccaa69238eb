import type { RunLifecycle } from '../../runs/lifecycle.ts';
import type { EndedAttempt } from '../../runs/running-run.ts';
import { areAllCompleted } from '../../runs/step-states.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { countInterruptions } from '../../store/runs/run-claims.ts';
import type { Transaction } from '../../store/write/writer.ts';
import type { CatalogJob } from '../attempt/job-catalog.ts';
import type { Finish } from '../run/active-run.ts';
import { type OutputFlush, writeOutputFlush } from '../run/output-flush.ts';

/** A run that was cut short so often is taken to be what ends the app. */
export const maxInterruptions = 5;

/** A request starts no program that could have ended the app, and is promised to be sent: it never is. */
export const isInterruptedTooOften = (db: ReadableDb, seq: number, job: Pick<CatalogJob, 'spec'> | null): boolean =>
  job?.spec.kind !== 'http' && countInterruptions(db, seq) >= maxInterruptions;

/** How an attempt ended, with its last output. */
export interface Ending extends Finish {
  flush: OutputFlush | null;
}

/** Inside a transaction: stores the end of an attempt and what follows. */
export function writeEnd(tx: Transaction, { run, end, outcome, next, flush }: Ending, lifecycle: RunLifecycle): void {
  if (flush !== null) writeOutputFlush(tx.db, flush);
  const ended = { run, end, outcome: outcome?.value ?? null };
  writeEndOf(tx, { ended, next, hasDoneParts: hasDoneParts({ run, end }) }, { lifecycle, job: run.job });
}

/** Parts that the end itself has completed, or that were never planned. */
export const hasDoneParts = ({ run, end }: Pick<Finish, 'run' | 'end'>): boolean =>
  end.state === 'completed' && run.plan !== 'done' && areAllCompleted(run.steps);

/** The same without its output. */
export function writeEndOf(
  tx: Transaction,
  { ended, next, hasDoneParts: hasDone }: { ended: EndedAttempt; next: Finish['next']; hasDoneParts: boolean },
  { lifecycle, job }: { lifecycle: RunLifecycle; job: Pick<CatalogJob, 'spec'> | null },
): void {
  if (next.kind === 'pending') lifecycle.returnToPending(tx, ended, next);
  else if (next.kind === 'retry') lifecycle.scheduleRetry(tx, ended, next.dueAtMs);
  else if (next.kind === 'requeue' && !isInterruptedTooOften(tx.db, ended.run.row.seq, job)) {
    lifecycle.requeue(tx, ended);
  } else lifecycle.finish(tx, ended, hasDone);
}
