import type { Logger } from 'pino';
import type { RunLifecycle } from '../../runs/lifecycle.ts';
import { readRunning } from '../../runs/running-run.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { findRunBySeq } from '../../store/runs/find-run.ts';
import { runningSeqs } from '../../store/runs/run-claims.ts';
import type { Transaction } from '../../store/write/writer.ts';
import type { JobCatalog } from '../attempt/job-catalog.ts';
import { instanceMarker, killMarked, runMark, runMarker } from '../process/process-tree.ts';
import { isInterruptedTooOften, maxInterruptions } from './write-end.ts';

/**
 * Ends what an earlier process of this data directory left running, before anything is started again: not what runs were
 * allowed to leave, unless they were cut short and may run once more.
 */
export function reapOrphans(db: ReadableDb, instance: string, log: Logger): void {
  const marks = runningSeqs(db).flatMap((seq) => {
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
    if (row === null) continue;
    const job = catalog.get(row.job);
    const isFatal = isInterruptedTooOften(tx.db, seq, job);
    const end = {
      state: 'failed',
      reason: 'interrupted',
      error: isFatal ? `${explain} It has happened ${maxInterruptions + 1} times, so it is not retried.` : explain,
      exitCode: null,
      signal: null,
      progress: row.progress,
      steps: row.steps,
      outcome: null,
      finishedAtMs: nowMs,
    } as const;
    const ended = { run: readRunning(row), end, outcome: null };
    if (job !== null && job.onInterrupted === 'retry' && !isFatal) lifecycle.requeue(tx, ended);
    else lifecycle.finish(tx, ended);
  }
}
