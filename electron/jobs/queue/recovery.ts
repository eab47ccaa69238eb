import type { Logger } from 'pino';
import type { RunLifecycle } from '../../runs/lifecycle.ts';
import { readRunning } from '../../runs/running-run.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { findRunBySeq } from '../../store/runs/find-run.ts';
import { runningSeqs } from '../../store/runs/run-claims.ts';
import type { RunRow } from '../../store/runs/run-rows.ts';
import type { Transaction } from '../../store/write/writer.ts';
import type { JobCatalog } from '../attempt/job-catalog.ts';
import { instanceMarker, killMarked, runMark, runMarker } from '../process/process-tree.ts';
import { isInterruptedTooOften, maxInterruptions } from './write-end.ts';

/**
 * Ends what an earlier process of this data directory left running, before anything is started again: not what runs were
 * allowed to leave, unless they were cut short and may run once more.
 *
 * `seqs`: what it may have left running; absent: all that the store calls running. */
export function reapOrphans(db: ReadableDb, instance: string, log: Logger, seqs = runningSeqs(db)): void {
  const marks = seqs.flatMap((seq) => {
    const row = findRunBySeq(db, seq);
    return row === null ? [] : [runMark(row.id, row.attempt, true)];
  });
  const killed =
    killMarked({ name: instanceMarker, values: [instance], isSparing: true }) +
    killMarked({ name: runMarker, values: marks });
  if (killed > 0) log.warn({ killed }, 'ended processes that an earlier start of the app had left behind');
}

const explain = 'Signalbox ended while this was running.';

/**
 * Inside a transaction, before the first claim: whatever the database calls running was cut short by the app's end. Only
 * as many as ran at the same time, so the time this takes does not depend on how many wait.
 */
export function settleInterrupted(
  tx: Transaction,
  { catalog, lifecycle }: { catalog: JobCatalog; lifecycle: RunLifecycle },
  nowMs: number,
): void {
  for (const seq of runningSeqs(tx.db)) {
    const row = findRunBySeq(tx.db, seq);
    if (row !== null) settleInterruptedRun(tx, row, { catalog, lifecycle }, { atMs: nowMs, why: explain });
  }
}

/** The same of one run; `why` is a sentence. */
export function settleInterruptedRun(
  tx: Transaction,
  row: RunRow,
  { catalog, lifecycle }: { catalog: JobCatalog; lifecycle: RunLifecycle },
  { atMs, why }: { atMs: number; why: string },
): void {
  const job = catalog.get(row.job);
  const isFatal = isInterruptedTooOften(tx.db, row.seq, job);
  const end = {
    state: 'failed',
    reason: 'interrupted',
    error: isFatal ? `${why} It has happened ${maxInterruptions + 1} times, so it is not retried.` : why,
    exitCode: null,
    signal: null,
    progress: row.progress,
    steps: row.steps,
    outcome: null,
    finishedAtMs: atMs,
  } as const;
  const ended = { run: readRunning(row), end, outcome: null };
  if (job !== null && job.onInterrupted === 'retry' && !isFatal) lifecycle.requeue(tx, ended);
  else lifecycle.finish(tx, ended);
}
