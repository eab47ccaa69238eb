import { join } from 'node:path';
import { lackOf, saverId } from '../../../shared/contract/access/caller.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import type { RunDetail } from '../../../shared/contract/runs.ts';
import { listRunFiles, readRunFile, runFilesFolder } from '../../jobs/attempt/run-files.ts';
import type { JobRunner } from '../../jobs/operator/runner-types.ts';
import { mustFindRun } from '../../runs/must-find-run.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { readBatch } from '../../store/events/batches.ts';
import { readAnnotations, readAttempts, readCauses, readRetries } from '../../store/runs/run-history.ts';
import { readOutput } from '../../store/runs/run-output.ts';
import { readQuestions } from '../../store/runs/run-questions.ts';
import { type RunRow, toRun } from '../../store/runs/run-rows.ts';

export interface RunHandlerDeps {
  db: ReadableDb;
  runner: Pick<
    JobRunner,
    | 'cancel'
    | 'retry'
    | 'cancelMany'
    | 'retryMany'
    | 'flushOutput'
    | 'approval'
    | 'approvalDigest'
    | 'approvalRefusal'
    | 'approve'
    | 'reject'
    | 'answer'
    | 'acknowledge'
    | 'unacknowledge'
  >;
  dataDir: string;
  /** Name beside decisions and acknowledgements. */
  nameOf(caller: Caller): string;
}

type RunHandlers = Pick<
  Handlers,
  | 'runs.get'
  | 'runs.output'
  | 'runs.cancel'
  | 'runs.retry'
  | 'runs.cancelMany'
  | 'runs.retryMany'
  | 'runs.acknowledge'
  | 'runs.unacknowledge'
  | 'runs.approval'
  | 'runs.approvalDigest'
  | 'runs.approve'
  | 'runs.reject'
  | 'runs.answer'
  | 'runs.files'
  | 'runs.readFile'
>;

function approveLack(caller: Caller): string | null {
  const lack = lackOf(caller, 'approve');
  return lack === null ? null : `Approving ${lack}.`;
}

export function createRunHandlers(deps: RunHandlerDeps): RunHandlers {
  const { db, runner } = deps;
  const { nameOf } = deps;
  // The run is looked for first: its id becomes a part of a path.
  const filesOf = (id: string): string => join(runFilesFolder(deps.dataDir), mustFindRun(db, id).id);
  return {
    'runs.get': async ({ id }) => {
      await runner.flushOutput(id);
      return readDetail(db, id);
    },
    'runs.output': async ({ id, attempt, after, limit }) => {
      // What is not stored yet comes after what is: only the first page asks for it to be stored.
      if (after === undefined) await runner.flushOutput(id);
      const run = mustFindRun(db, id);
      return readOutput(db, { runSeq: run.seq, attempt: attempt ?? run.attempt, after, limit });
    },
    'runs.cancel': ({ id }) => runner.cancel(id),
    'runs.retry': ({ id }) => runner.retry(id),
    'runs.cancelMany': ({ ids }) => runner.cancelMany(ids),
    'runs.retryMany': ({ ids }) => runner.retryMany(ids),
    'runs.approval': async ({ id }, caller) => ({
      ...(await runner.approval(id)),
      ...batchOf(db, mustFindRun(db, id)),
      refusal: approveLack(caller) ?? runner.approvalRefusal(id, saverId(caller)),
    }),
    'runs.approvalDigest': async ({ id }) => ({ digest: await runner.approvalDigest(id) }),
    'runs.approve': async ({ ids, note, digest }, caller) => {
      if (digest !== undefined && ids.length > 1) {
        throw new AppError('invalid_input', 'digest is of what one run would execute; give a single id with it');
      }
      return {
        items: await runner.approve({ ids, by: nameOf(caller), byId: saverId(caller), note: note ?? null, digest }),
      };
    },
    'runs.reject': async ({ ids, note }, caller) => ({
      items: await runner.reject({ ids, by: nameOf(caller), byId: saverId(caller), note: note ?? null }),
    }),
    'runs.files': ({ id }) => ({ items: listRunFiles(filesOf(id)) }),
    'runs.readFile': ({ id, name }) => readRunFile(filesOf(id), name),
    'runs.answer': (input, caller) => runner.answer({ ...input, by: nameOf(caller) }),
    'runs.acknowledge': async ({ ids, note }, caller) => ({
      items: await runner.acknowledge({ ids, by: nameOf(caller), note: note ?? null }),
    }),
    'runs.unacknowledge': async ({ ids }) => ({ items: await runner.unacknowledge(ids) }),
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
    ...batchOf(db, row),
  };
}

const batchOf = (db: ReadableDb, { batch_seq: seq }: RunRow): Pick<RunDetail, 'batch'> =>
  seq === null ? {} : { batch: readBatch(db, seq) };
