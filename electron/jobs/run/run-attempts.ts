import type { Progress } from '../../../shared/contract/runs.ts';
import { errorText } from '../../../shared/error-text.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import { type ClaimedEvent, readBatchEvents } from '../../store/runs/run-claims.ts';
import { checkApproved } from '../approval/check-approved.ts';
import type { ApprovedFiles, AttemptResult, JobOutcome } from '../attempt/attempt.ts';
import { failedResult } from '../attempt/attempt.ts';
import { printBatch, printEvent } from '../attempt/event-document.ts';
import type { CatalogJob } from '../attempt/job-catalog.ts';
import { retryWaitMs } from '../attempt/retry-backoff.ts';
import { removeAside } from '../attempt/run-files.ts';
import { cutText, maxProgressLength } from '../channel-limits.ts';
import { RunOutput } from '../output/run-output.ts';
import { progressOfSteps, settleSteps } from '../output/run-steps.ts';
import type { TimeShare } from '../output/time-share.ts';
import type { JobCommand } from '../output/workflow-commands.ts';
import { sayLeft } from '../process/left-processes.ts';
import type { ActiveRun, Finish, StopCause } from './active-run.ts';
import { type OutputFlush, takeOutputFlush } from './output-flush.ts';
import type { Questions } from './questions.ts';
import type { RunRequests } from './run-requests.ts';
import type { RunTicker } from './run-ticker.ts';
import type { JobRunnerDeps } from './runner-deps.ts';
import { type AttemptDeps, type PreparedJob, prepareJob, startAttempt } from './start-attempt.ts';

export interface RunAttempts {
  /** Their claims are on disk. */
  start(runs: readonly ActiveRun[]): void;
  /** Asks a run to end and makes it after the grace; the first order counts, later ones change nothing. */
  stop(run: ActiveRun, order: StopCause, why: string, graceMs?: number): void;
}

export interface RunAttemptDeps {
  nowMs: () => number;
  share: TimeShare;
  attemptDeps: AttemptDeps;
  /** The attempt is over and none of its processes is left. */
  finish(finish: Finish, flush: OutputFlush | null): void;
  ticker: RunTicker;
  questions: Questions;
  requests: RunRequests;
  filesOf(runId: string): string;
  /** Its time limit counts from now on. */
  onStarted(run: ActiveRun): void;
}

/** An outcome may say whether an operator has to acknowledge it: `{"acknowledge": true}`, regardless of its job. */
function acknowledgeOf(outcome: JobOutcome | null): 'required' | 'none' | null {
  const value = outcome?.value;
  if (!isJsonRecord(value)) return null;
  return value.acknowledge === true ? 'required' : value.acknowledge === false ? 'none' : null;
}

const maskOrNull = ({ masks }: ActiveRun, text: string | null): string | null =>
  text === null ? null : masks.apply(text);

/** From a claimed run to the end of its attempt, and what that means for the run. */
export function createRunAttempts(deps: JobRunnerDeps, own: RunAttemptDeps): RunAttempts {
  const { db, dataDir } = deps;
  const { nowMs, share, attemptDeps, finish, ticker, questions, requests, filesOf, onStarted } = own;

  function start(runs: readonly ActiveRun[]): void {
    // Secrets, folders and the script's date are looked at once for all runs of a job in this turn.
    const prepared = new Map<string, PreparedJob>();
    for (const run of runs) {
      if (run.job === null) {
        const error = `The job ${run.row.job} was removed while this run waited.`;
        setImmediate(() => end(run, failedResult('spawn', error)));
        continue;
      }
      let job = prepared.get(run.job.slug);
      if (job === undefined) {
        job = prepareJob(run.job, attemptDeps);
        prepared.set(run.job.slug, job);
      }
      if (run.row.needs_approval === 0) startOne(run, run.job.outputBytes, job, null);
      else void startApproved(run, run.job, job);
    }
  }

  /** Nothing starts that was not approved, or is not what was approved any more. */
  async function startApproved(run: ActiveRun, job: CatalogJob, prepared: PreparedJob): Promise<void> {
    const checked = await checkApproved(db, run.row, job, dataDir);
    if (run.stop !== null) end(run, failedResult('canceled', 'Canceled before it started.'));
    else if ('note' in checked) sendBack(run, checked.note);
    else startOne(run, job.outputBytes, prepared, checked.approved);
  }

  function startOne(run: ActiveRun, limitBytes: number, prepared: PreparedJob, approved: ApprovedFiles | null): void {
    const { batch_seq: batchSeq } = run.row;
    let batch: ClaimedEvent[] | null;
    let event: string;
    try {
      batch = batchSeq === null ? null : readBatchEvents(db, batchSeq);
      event =
        prepared.job.spec.kind === 'http' ? '' : batch === null ? printEvent(run.row) : printBatch(run.row, batch);
    } catch (error) {
      const why = errorText(error);
      setImmediate(() => end(run, failedResult('spawn', `Its event is damaged in the store (${why}).`)));
      return;
    }
    const masks = prepared.masks.copy();
    run.masks = masks;
    const filesDir = filesOf(run.row.id);
    // Each attempt starts with an empty folder.
    if (run.attempt > 1) removeAside(filesDir, `${filesDir}.before-${run.attempt}`, deps.jobsUser);
    const output = (): RunOutput => {
      if (run.output === null) {
        const onCommand = (command: JobCommand): void => requests.command(run, command, run.process?.tell ?? null);
        run.output = new RunOutput({ limitBytes, masks, share, nowMs, onProgress, onCommand });
        ticker.note(run);
      }
      return run.output;
    };
    let hasEnded = false;
    run.noteLimit = (limit, text) => output().noteLimit(limit, text);
    const onProgress = (progress: Progress): void => {
      run.hasOwnProgress = true;
      const masked = masks.apply(progress.message);
      run.progress = { percent: progress.percent, message: cutText(masked, maxProgressLength) };
      if (masked.length > maxProgressLength) {
        run.noteLimit('progress', `A progress message was cut to ${maxProgressLength} characters.`);
      }
      run.isProgressNew = true;
      run.isProgressStored = false;
      ticker.note(run);
    };
    run.process = startAttempt(
      prepared,
      {
        run: run.row,
        attempt: run.attempt,
        job: prepared.job,
        event,
        batch,
        masks,
        approved,
        filesDir,
        output,
        onProgress,
        onRequest: (request) => requests.request(run, request),
        onPlan: (names) => requests.plan(run, names),
        onPart: (change) => requests.part(run, change),
        onLeft(left) {
          output().note(left.wereEnded ? 'warning' : 'notice', sayLeft(left, masks));
          if (hasEnded) ticker.addLate(run);
        },
        onEnd(result) {
          hasEnded = true;
          end(run, result);
        },
      },
      attemptDeps,
    );
    onStarted(run);
  }

  function end(run: ActiveRun, result: AttemptResult): void {
    run.deadlineMs = Number.POSITIVE_INFINITY;
    run.output?.end();
    questions.drop(run);
    if (run.underWay.size > 0) {
      void Promise.allSettled(run.underWay).then(() => end(run, result));
      return;
    }
    ticker.end(run);
    const { stop: order } = run;
    const state = order === null ? result.state : order.reason === 'canceled' ? 'canceled' : 'failed';
    // What followed from the missing answer is not what went wrong.
    const isUnanswered = run.unanswered !== null && result.state === 'failed';
    if (run.steps !== null) {
      run.steps = settleSteps(run.steps, state);
      if (!run.hasOwnProgress) run.progress = progressOfSteps(run.steps);
    }
    const acknowledge = state === 'completed' ? acknowledgeOf(result.outcome) : null;
    if (acknowledge !== null) run.row.acknowledge = acknowledge;
    const finished: Finish = {
      run,
      end: {
        state,
        reason: order?.reason ?? (isUnanswered ? 'unanswered' : result.reason),
        error: maskOrNull(run, order !== null ? order.error : isUnanswered ? run.unanswered : result.error),
        exitCode: result.exitCode,
        signal: result.signal,
        progress: run.progress === null ? null : JSON.stringify(run.progress),
        steps: run.steps === null ? null : JSON.stringify(run.steps),
        outcome: result.outcome?.text ?? null,
        finishedAtMs: nowMs(),
        acknowledge,
      },
      outcome: result.outcome,
      next: whatFollows(run, state, result.retry),
    };
    finish(finished, takeOutputFlush(run));
  }

  /** Nothing of it was started. */
  function sendBack(run: ActiveRun, note: string): void {
    const finishedAtMs = nowMs();
    const expiresAtMs = finishedAtMs + (run.job?.approvalTimeoutMs ?? 0);
    const result = { ...failedResult('canceled', note), progress: null, steps: null, finishedAtMs, outcome: null };
    finish({ run, end: result, outcome: null, next: { kind: 'pending', note, expiresAtMs } }, null);
  }

  function whatFollows(
    run: ActiveRun,
    state: 'completed' | 'failed' | 'canceled',
    retry: AttemptResult['retry'],
  ): Finish['next'] {
    if (run.stop?.reason === 'interrupted' && run.job?.onInterrupted === 'retry') return { kind: 'requeue' };
    if (
      state !== 'failed' ||
      run.stop?.reason === 'interrupted' ||
      run.attempt >= run.row.attempts ||
      retry === 'never'
    ) {
      return { kind: 'final' };
    }
    return { kind: 'retry', dueAtMs: nowMs() + retryWaitMs(run.job, run.attempt, retry?.afterMs) };
  }

  return {
    start,
    stop(run, order, why, graceMs) {
      if (run.stop !== null) return;
      run.stop = order;
      questions.drop(run);
      run.process?.stop(why, graceMs, order.reason);
    },
  };
}
