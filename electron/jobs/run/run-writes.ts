import type { Question } from '../../../shared/contract/runs.ts';
import { findRunBySeq } from '../../store/runs/find-run.ts';
import type { QuestionEnd } from '../../store/runs/run-questions.ts';
import { toRun } from '../../store/runs/run-rows.ts';
import type { ActiveRun, ReportedEventType } from './active-run.ts';
import { type OutputFlush, writeOutputFlush } from './output-flush.ts';
import type { JobRunnerDeps } from './runner-deps.ts';

/** What is stored of a run while it runs, its claim and its end apart. */
export interface RunWrites {
  output(flushes: readonly OutputFlush[], progressed: readonly ActiveRun[]): Promise<void>;
  /** Output of a run that has ended. */
  lateOutput(run: ActiveRun, flush: OutputFlush): Promise<void>;
  say(run: ActiveRun, type: ReportedEventType): Promise<void>;
  ask(run: ActiveRun, question: Question, askedAtMs: number): Promise<void>;
  answer(run: ActiveRun, questionId: string, end: QuestionEnd): Promise<void>;
}

/** In the store of this machine. */
export function createRunWrites({ writer, lifecycle, bus, isWatched }: JobRunnerDeps): RunWrites {
  return {
    output: (flushes, progressed) =>
      writer.write((tx) => {
        for (const flush of flushes) writeOutputFlush(tx.db, flush);
        for (const run of progressed) lifecycle.progress(tx, run);
      }),
    lateOutput: (run, flush) =>
      writer.write((tx) => {
        writeOutputFlush(tx.db, flush);
        const row = isWatched() ? findRunBySeq(tx.db, run.row.seq) : null;
        if (row !== null) tx.afterCommit(() => bus.emit('runs.changed', [toRun(row)]));
      }),
    say(run, type) {
      const now = { ...run };
      return writer.write((tx) => lifecycle.say(tx, now, type));
    },
    ask: (run, question, askedAtMs) =>
      writer.write((tx) => {
        lifecycle.ask(tx, run, question, askedAtMs);
      }),
    answer: (run, questionId, end) =>
      writer.write((tx) => {
        lifecycle.answer(tx, run, questionId, end);
      }),
  };
}
