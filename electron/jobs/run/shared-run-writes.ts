import type { Question } from '../../../shared/contract/runs.ts';
import { type RunningRun, readRunning } from '../../runs/running-run.ts';
import { findRun } from '../../store/runs/find-run.ts';
import type { QuestionEnd } from '../../store/runs/run-questions.ts';
import { toRun } from '../../store/runs/run-rows.ts';
import type { Commands } from '../../store/write/commands.ts';
import type { Transaction } from '../../store/write/writer.ts';
import type { ActiveRun, ReportedEventType } from './active-run.ts';
import { type OutputFlush, writeOutputFlush } from './output-flush.ts';
import type { RunWrites } from './run-writes.ts';
import type { JobRunnerDeps } from './runner-deps.ts';

/** A running run as the log of a cluster names it: seqs belong to one store. */
type SharedRun = Omit<RunningRun, 'row'> & { id: string };

/** Output without the seqs of this store. */
export interface SharedOutput {
  id: string;
  attempt: number;
  add: NonNullable<OutputFlush['output']>['add'];
  drop: number[];
  annotations: { from: number; annotations: NonNullable<OutputFlush['annotations']>['annotations'] } | null;
}

const shareRun = ({ row, attempt, startedAtMs, progress, steps, question }: ActiveRun): SharedRun => ({
  id: row.id,
  attempt,
  startedAtMs,
  progress,
  steps,
  question,
});

export const shareOutput = (id: string, attempt: number, { output, annotations }: OutputFlush): SharedOutput => ({
  id,
  attempt,
  add: output?.add ?? [],
  drop: output?.drop ?? [],
  annotations: annotations === null ? null : { from: annotations.from, annotations: annotations.annotations },
});

export function writeSharedOutput(tx: Transaction, runSeq: number, shared: SharedOutput): void {
  const key = { runSeq, attempt: shared.attempt };
  const { add, drop, annotations } = shared;
  writeOutputFlush(tx.db, {
    runId: shared.id,
    output: add.length === 0 && drop.length === 0 ? null : { ...key, add, drop },
    annotations: annotations === null ? null : { ...key, ...annotations },
  });
}

/** Null when it runs this attempt no more: then nothing may follow from it. */
function runningNow(tx: Transaction, { id, ...state }: SharedRun): RunningRun | null {
  const row = findRun(tx.db, id);
  if (row === null || row.attempt !== state.attempt) return null;
  if (row.state !== 'running' && row.state !== 'interaction_required') return null;
  return { ...readRunning(row), ...state };
}

/** By way of the log of a cluster, in the store of each node. */
export function createSharedRunWrites(
  { lifecycle, bus, isWatched }: Pick<JobRunnerDeps, 'lifecycle' | 'bus' | 'isWatched'>,
  { define }: Commands,
): RunWrites {
  const output = define('run.output', (tx, outputs: SharedOutput[], progressed: SharedRun[]) => {
    for (const shared of outputs) {
      const row = findRun(tx.db, shared.id);
      if (row !== null && row.attempt === shared.attempt) writeSharedOutput(tx, row.seq, shared);
    }
    for (const shared of progressed) {
      const run = runningNow(tx, shared);
      if (run !== null) lifecycle.progress(tx, run);
    }
  });
  const lateOutput = define('run.late-output', (tx, shared: SharedOutput) => {
    const row = findRun(tx.db, shared.id);
    if (row === null) return;
    writeSharedOutput(tx, row.seq, shared);
    if (isWatched()) tx.afterCommit(() => bus.emit('runs.changed', [toRun(row)]));
  });
  const say = define('run.say', (tx, shared: SharedRun, type: ReportedEventType) => {
    const run = runningNow(tx, shared);
    if (run !== null) lifecycle.say(tx, run, type);
  });
  const ask = define('run.ask', (tx, shared: SharedRun, question: Question, askedAtMs: number) => {
    const run = runningNow(tx, shared);
    if (run !== null) lifecycle.ask(tx, run, question, askedAtMs);
  });
  const answer = define('run.answer', (tx, shared: SharedRun, questionId: string, end: QuestionEnd) => {
    const run = runningNow(tx, shared);
    if (run !== null) lifecycle.answer(tx, run, questionId, end);
  });

  return {
    output(flushes, progressed) {
      return output(
        flushes.flatMap((flush) => {
          const key = flush.output ?? flush.annotations;
          return key === null ? [] : [shareOutput(flush.runId, key.attempt, flush)];
        }),
        progressed.map(shareRun),
      );
    },
    lateOutput: (run, flush) => lateOutput(shareOutput(run.row.id, run.attempt, flush)),
    say: (run, type) => say(shareRun(run), type),
    ask: (run, question, askedAtMs) => ask(shareRun(run), question, askedAtMs),
    answer: (run, questionId, end) => answer(shareRun(run), questionId, end),
  };
}
