import { join } from 'node:path';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Handlers } from '../../../shared/contract/index.ts';
import type { Run, RunDetail } from '../../../shared/contract/runs.ts';
import type { Intake } from '../../intake/intake-types.ts';
import { listRunFiles, readRunFile, runFilesFolder } from '../../jobs/run-files.ts';
import { mustFindRun } from '../../jobs/run-operations.ts';
import type { JobRunner } from '../../jobs/runner-types.ts';
import { runEvent } from '../../runs/run-event.ts';
import type { ReadableDb } from '../../store/open.ts';
import {
  acknowledgeRun,
  readAnnotations,
  readAttempts,
  readCauses,
  readRetries,
  unacknowledgeRun,
} from '../../store/runs/run-history.ts';
import { readOutput } from '../../store/runs/run-output.ts';
import { readQuestions } from '../../store/runs/run-questions.ts';
import { toRun } from '../../store/runs/run-rows.ts';
import type { Writer } from '../../store/writer.ts';

export interface RunHandlerDeps {
  db: ReadableDb;
  writer: Writer;
  runner: Pick<JobRunner, 'cancel' | 'retry' | 'flushOutput' | 'approval' | 'approve' | 'reject' | 'answer'>;
  intake: Pick<Intake, 'recordRunEvent' | 'announce' | 'hasListenerFor'>;
  /** Name beside decisions and acknowledgements. */
  dataDir: string;
  operatorName(): string;
  nowMs(): number;
  onRunsChanged(runs: Run[]): void;
}

type RunHandlers = Pick<
  Handlers,
  | 'runs.get'
  | 'runs.output'
  | 'runs.cancel'
  | 'runs.retry'
  | 'runs.acknowledge'
  | 'runs.unacknowledge'
  | 'runs.approval'
  | 'runs.approve'
  | 'runs.reject'
  | 'runs.answer'
  | 'runs.files'
  | 'runs.readFile'
>;

export function createRunHandlers(deps: RunHandlerDeps): RunHandlers {
  const { db, writer, runner, intake } = deps;
  const operator = deps.operatorName;
  // The run is looked for first: its id becomes a part of a path.
  const filesOf = (id: string): string => join(runFilesFolder(deps.dataDir), mustFindRun(db, id).id);
  return {
    'runs.get': async ({ id }) => {
      await runner.flushOutput(id);
      return readDetail(db, id);
    },
    'runs.output': async ({ id, attempt }) => {
      await runner.flushOutput(id);
      const run = mustFindRun(db, id);
      return readOutput(db, run.seq, attempt ?? run.attempt);
    },
    'runs.cancel': ({ id }) => runner.cancel(id),
    'runs.retry': ({ id }) => runner.retry(id),
    'runs.approval': ({ id }) => runner.approval(id),
    'runs.approve': async ({ ids, note, digest }) => {
      if (digest !== undefined && ids.length > 1) {
        throw new AppError('invalid_input', 'digest is of what one run would execute; give a single id with it');
      }
      return { items: await runner.approve({ ids, by: operator(), note: note ?? null, digest }) };
    },
    'runs.reject': async ({ ids, note }) => ({
      items: await runner.reject({ ids, by: operator(), note: note ?? null }),
    }),
    'runs.files': ({ id }) => ({ items: listRunFiles(filesOf(id)) }),
    'runs.readFile': ({ id, name }) => readRunFile(filesOf(id), name),
    'runs.answer': (input) => runner.answer({ ...input, by: operator() }),
    'runs.acknowledge': async ({ ids, note }) => {
      const acknowledgement = { atMs: deps.nowMs(), by: operator(), note: note ?? null };
      const { items, planned } = await writer.write(({ db: handle }) => {
        const changed = ids.map((id) => {
          const run = mustFindRun(handle, id);
          const isNews = acknowledgeRun(handle, run.seq, acknowledgement);
          const now = mustFindRun(handle, id);
          // Somebody else may have been quicker: that is no mistake, and the run shows who it was.
          if (!isNews && now.acknowledged_at === null) throw notFinished(id, now.state);
          return { run: toRun(now), depth: now.depth, isNews };
        });
        const tells = intake.hasListenerFor('job:outcome-acknowledged');
        return {
          items: changed.map(({ run }) => run),
          planned: changed
            .filter(({ isNews }) => isNews && tells)
            .map(({ run, depth }) => intake.recordRunEvent(handle, runEvent('job:outcome-acknowledged', run, depth))),
        };
      });
      for (const news of planned) intake.announce(news);
      deps.onRunsChanged(items);
      return { items };
    },
    'runs.unacknowledge': async ({ ids }) => {
      const items = await writer.write(({ db: handle }) =>
        ids.map((id) => {
          unacknowledgeRun(handle, mustFindRun(handle, id).seq);
          return toRun(mustFindRun(handle, id));
        }),
      );
      deps.onRunsChanged(items);
      return { items };
    },
  };
}

function readDetail(db: ReadableDb, id: string): RunDetail {
  const row = mustFindRun(db, id);
  return {
    ...toRun(row),
    history: readAttempts(db, row),
    annotations: readAnnotations(db, row),
    questions: readQuestions(db, row.seq),
    retriedBy: readRetries(db, id),
    causes: readCauses(db, id),
  };
}

const notFinished = (id: string, state: string): AppError =>
  new AppError('wrong_state', `The run ${id} is ${state}; only a run that has ended can be acknowledged.`);
