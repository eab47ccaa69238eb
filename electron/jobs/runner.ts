import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { printDuration } from '../../shared/contract/duration.ts';
import type { Progress, Run } from '../../shared/contract/runs.ts';
import type { RunEnd } from '../intake/run-end.ts';
import type { WritableDb } from '../store/open.ts';
import { expireWaiting, nextExpiryAt } from '../store/run-approvals.ts';
import { nextDueAt, queueDue } from '../store/run-claims.ts';
import { findRunBySeq, toRun } from '../store/runs.ts';
import type { ActiveRun, Finish, StopOrder } from './active-run.ts';
import { approveInDb, type DecisionInput, plansFor, readApproval, rejectInDb, whyUnapproved } from './approvals.ts';
import type { AttemptResult, Outcome } from './attempt.ts';
import { failedResult } from './attempt.ts';
import { instanceName, toPath } from './child-environment.ts';
import { ClaimLoop } from './claim-loop.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import { DueTimer } from './due-timer.ts';
import { printEvent } from './event-document.ts';
import { createGuardian } from './guardian-link.ts';
import { jobApiFolder } from './job-api.ts';
import { Questions } from './questions.ts';
import { reapOrphans, settleInterrupted } from './recovery.ts';
import { backoffMs } from './retry-backoff.ts';
import { removeStrayFiles, runFilesFolder } from './run-files.ts';
import { type Changed, cancelInDb, mustFindRun, retryInDb, sayCanceled, testInDb } from './run-operations.ts';
import { RunOutput } from './run-output.ts';
import type { RunPlan } from './run-plan.ts';
import { createRunRequests } from './run-requests.ts';
import { progressOfSteps, settleSteps } from './run-steps.ts';
import { RunTicker, takeSaid } from './run-ticker.ts';
import type { JobRunner, JobRunnerDeps } from './runner-types.ts';
import { ScriptPool } from './script-pool.ts';
import { SecretMasks } from './secret-masks.ts';
import { type AttemptSurroundings, type PreparedJob, prepareJob, startAttempt } from './start-attempt.ts';
import type { JobCommand } from './workflow-commands.ts';

const canceledEnd: RunEnd = { state: 'canceled', reason: 'canceled', error: null, outcome: null, retryAtMs: null };

const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/** An outcome may say whether somebody has to see it: `{"acknowledge": true}`, whatever its job says of outcomes. */
function acknowledgeOf(outcome: Outcome | null): 'required' | 'none' | null {
  const value = outcome?.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return value.acknowledge === true ? 'required' : value.acknowledge === false ? 'none' : null;
}

const defaultKillGraceMs = 10_000;
const duePerTransaction = 500;
/** Warm workers kept beyond those that the global limit lets run. */
const spareWorkers = 4;

export function createJobRunner(deps: JobRunnerDeps): JobRunner {
  const { db, writer, catalog, intake, dataDir, log, hasListeners, onRunsChanged } = deps;
  const nowMs = deps.nowMs ?? Date.now;
  const killGraceMs = deps.killGraceMs ?? defaultKillGraceMs;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const instance = instanceName(dataDir);
  const tempDir = join(dataDir, 'run-temp');
  const filesDir = runFilesFolder(dataDir);
  const guardian = createGuardian({ file: toPath(deps.workerFiles.guardian), instance, log });
  const workerFile = toPath(deps.workerFiles.scriptWorker);
  const pool = new ScriptPool({
    workerFile,
    apiDir: jobApiFolder(workerFile),
    guardian,
    killGraceMs,
    maxIdle: () => deps.settings().concurrency + spareWorkers,
    log,
  });
  const surroundings: AttemptSurroundings = {
    dataDir,
    tempDir,
    instance,
    guardian,
    pool,
    readSecret: deps.readSecret,
    killGraceMs,
    log,
  };
  const ticker = new RunTicker(deps, nowMs);
  const due = new DueTimer(() => void queueWhatIsDue(), nowMs);
  const loop = new ClaimLoop(deps, {
    nowMs,
    onClaimed: startRuns,
    onDueLater: (atMs) => due.expect(atMs),
  });
  const deadlines = new DeadlineTimer<ActiveRun>(
    () => loop.active(),
    (run) => {
      const limit = printDuration(run.job?.timeoutMs ?? 0);
      stopRun(
        run,
        { reason: 'timeout', error: `took longer than ${limit}` },
        `Time limit of ${limit} reached: ending it.`,
      );
    },
  );
  const questions = new Questions(deps, {
    nowMs,
    onResting: (run) => loop.rest(run.row.seq, true),
    onResumed: (run) => {
      loop.rest(run.row.seq, false);
      deadlines.watch(run);
    },
  });
  const requests = createRunRequests({
    raise: deps.raise,
    questions,
    onSteps(run) {
      if (!run.hasOwnProgress && run.steps !== null) run.progress = progressOfSteps(run.steps);
      run.isProgressNew = true;
      run.isProgressStored = false;
      ticker.note(run);
    },
  });
  let onEnded: (() => void) | null = null;

  function startRuns(runs: readonly ActiveRun[]): void {
    // Secrets, folders and the script's date are looked at once for all runs of a job in this turn.
    const prepared = new Map<string, PreparedJob>();
    for (const run of runs) {
      if (run.job === null) {
        const error = `The job ${run.row.job} was removed while this run waited.`;
        setImmediate(() => endRun(run, failedResult('spawn', error)));
        continue;
      }
      let job = prepared.get(run.job.slug);
      if (job === undefined) {
        job = prepareJob(run.job, surroundings);
        prepared.set(run.job.slug, job);
      }
      const changed = run.row.needs_approval === 0 ? null : whyUnapproved(db, run, run.job, dataDir);
      if (changed === null) startRun(run, run.job.outputBytes, job);
      else setImmediate(() => sendBack(run, changed));
    }
  }

  function startRun(run: ActiveRun, limitBytes: number, prepared: PreparedJob): void {
    const masks = new SecretMasks(prepared.secrets);
    run.masks = masks;
    // A further attempt starts anew.
    if (run.attempt > 1) rmSync(join(filesDir, run.row.id), { recursive: true, force: true });
    const onProgress = (progress: Progress): void => {
      run.hasOwnProgress = true;
      run.progress = masks.isEmpty ? progress : { ...progress, message: masks.apply(progress.message) };
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
        event: printEvent(run.row),
        masks,
        filesDir: join(filesDir, run.row.id),
        output: () => {
          if (run.output === null) {
            const onCommand = (command: JobCommand): void => requests.command(run, command, run.process?.tell ?? null);
            run.output = new RunOutput({ limitBytes, masks, nowMs, onProgress, onCommand });
            ticker.note(run);
          }
          return run.output;
        },
        onProgress,
        onRequest: (request) => requests.request(run, request),
        onPlan: (names) => requests.plan(run, names),
        onPart: (change) => requests.part(run, change),
        onEnd: (result) => endRun(run, result),
      },
      surroundings,
    );
    deadlines.watch(run);
  }

  function endRun(run: ActiveRun, result: AttemptResult): void {
    run.deadlineMs = Number.POSITIVE_INFINITY;
    run.output?.end();
    questions.drop(run);
    if (run.underWay.size > 0) {
      void Promise.allSettled(run.underWay).then(() => endRun(run, result));
      return;
    }
    ticker.end(run);
    const { stop } = run;
    const state = stop === null ? result.state : stop.reason === 'canceled' ? 'canceled' : 'failed';
    // What followed from the missing answer is not what went wrong.
    const isUnanswered = run.unanswered !== null && result.state === 'failed';
    const steps = run.steps === null ? null : settleSteps(run.steps, state);
    run.steps = steps;
    const acknowledge = state === 'completed' ? acknowledgeOf(result.outcome) : null;
    if (acknowledge !== null) run.row.acknowledge = acknowledge;
    const finish: Finish = {
      run,
      end: {
        state,
        reason: stop?.reason ?? (isUnanswered ? 'unanswered' : result.reason),
        error: stop !== null ? stop.error : isUnanswered ? run.unanswered : result.error,
        exitCode: result.exitCode,
        signal: result.signal,
        progress: run.progress === null ? null : JSON.stringify(run.progress),
        steps: steps === null ? null : JSON.stringify(steps),
        outcome: result.outcome?.text ?? null,
        finishedAtMs: nowMs(),
        acknowledge,
      },
      outcome: result.outcome,
      next: whatFollows(run, state),
    };
    loop.finish(finish, takeSaid(run));
    onEnded?.();
  }

  /** Nothing of it was started. */
  function sendBack(run: ActiveRun, note: string): void {
    const finishedAtMs = nowMs();
    const end = { ...failedResult('canceled', note), progress: null, steps: null, finishedAtMs };
    const expiresAtMs = finishedAtMs + (run.job?.approvalTimeoutMs ?? 0);
    loop.finish(
      { run, end: { ...end, outcome: null }, outcome: null, next: { kind: 'pending', note, expiresAtMs } },
      null,
    );
    onEnded?.();
  }

  function whatFollows(run: ActiveRun, state: 'completed' | 'failed' | 'canceled'): Finish['next'] {
    if (run.stop?.reason === 'interrupted' && run.job?.onInterrupted === 'retry') return { kind: 'requeue' };
    if (state !== 'failed' || run.stop?.reason === 'interrupted' || run.attempt >= run.row.attempts) {
      return { kind: 'final' };
    }
    return { kind: 'retry', dueAtMs: nowMs() + backoffMs(run.job?.backoffMs ?? 0, run.attempt) };
  }

  function stopRun(run: ActiveRun, order: StopOrder, why: string): void {
    if (run.stop !== null) return;
    run.stop = order;
    questions.drop(run);
    run.process?.stop(why);
  }

  const interrupt = (run: ActiveRun): void =>
    stopRun(
      run,
      { reason: 'interrupted', error: 'Signalbox was stopped while this was running.' },
      'Signalbox is stopping: ending it.',
    );

  async function queueWhatIsDue(): Promise<void> {
    try {
      const { rows, expired, planned, next } = await writer.write((handle) => {
        const queued = queueDue(handle, nowMs(), duePerTransaction);
        const gone = expireWaiting(handle, nowMs(), duePerTransaction);
        const said = gone.map(({ seq }) => sayCanceled(handle, seq, intake));
        return { rows: queued, expired: gone, planned: said, next: earliest(nextDueAt(handle), nextExpiryAt(handle)) };
      });
      for (const { job } of rows) catalog.addWaiting(job, 1);
      for (const { job, state } of expired) if (state === 'queued') catalog.addWaiting(job, -1);
      if (next !== null) due.expect(next);
      if (rows.length + expired.length === 0) return;
      tellOf([...rows, ...expired].map(({ seq }) => seq));
      for (const one of planned) intake.announce(one);
      for (const { seq } of expired) loop.tellEnd(seq, { ...canceledEnd, reason: 'expired' });
      loop.wake(new Set(rows.map(({ job }) => job)));
    } catch (error) {
      log.error({ err: error }, 'runs that became due could not be queued; trying again within 30 s');
    }
  }

  function tellOf(seqs: readonly number[]): void {
    if (!hasListeners()) return;
    const found = seqs.map((seq) => findRunBySeq(db, seq));
    onRunsChanged(found.filter((row) => row !== null).map(toRun));
  }

  async function decide(
    input: DecisionInput,
    write: (handle: WritableDb, plans: ReadonlyMap<string, RunPlan>) => Changed[],
  ): Promise<Run[]> {
    const plans = plansFor(db, input, deps);
    const changed = await writer.write((handle) => write(handle, plans));
    const runs = changed.map(tell);
    // Approved runs may have to start within a time.
    const next = nextExpiryAt(db);
    if (next !== null) due.expect(next);
    return runs;
  }

  function tell({ run, also, planned, queued }: Changed): Run {
    if (hasListeners()) onRunsChanged([run, ...also]);
    for (const one of planned) intake.announce(one);
    if (queued !== null) loop.wake([queued]);
    return run;
  }

  function until(isDone: () => boolean, withinMs: number): Promise<void> {
    if (isDone()) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(finish, withinMs);
      function finish(): void {
        clearTimeout(timer);
        onEnded = null;
        resolve();
      }
      onEnded = () => {
        // This run's end is known; whether it was the last shows when it is written.
        void writer.drain().then(() => {
          if (isDone()) finish();
        });
      };
    });
  }

  return {
    async start() {
      reapOrphans(instance, log);
      rmSync(tempDir, { recursive: true, force: true });
      mkdirSync(tempDir, { recursive: true, mode: 0o700 });
      removeStrayFiles(dataDir, db);
      const planned = await writer.write((handle) => settleInterrupted(handle, catalog, intake, nowMs()));
      for (const one of planned) intake.announce(one);
      loop.recount();
      loop.setClaiming(true);
      due.start();
      await queueWhatIsDue();
    },
    wake(jobs) {
      if (jobs === undefined) {
        loop.recount();
        void queueWhatIsDue();
      } else if (jobs.length > 0) {
        loop.wake(jobs);
      }
    },
    expect({ pendingSeqs, expiresAtMs }) {
      if (expiresAtMs !== undefined) due.expect(expiresAtMs);
      if (pendingSeqs !== undefined) tellOf(pendingSeqs);
    },
    approval: (id) => readApproval(db, id, deps),
    approve: (input) => decide(input, (handle, plans) => approveInDb(handle, input, plans, nowMs(), deps)),
    async reject(input) {
      const runs = await decide(input, (handle, plans) => rejectInDb(handle, input, plans, nowMs(), deps));
      for (const { id } of runs) loop.tellEnd(mustFindRun(db, id).seq, { ...canceledEnd, reason: 'rejected' });
      return runs;
    },
    hurry: ({ seq, job }, onEnd) => loop.hurry(seq, job, onEnd),
    answer: async ({ id, questionId, values, by }) =>
      await questions.answer(loop.find(mustFindRun(db, id).seq), questionId, values, by),
    async cancel(id) {
      const changed = await writer.write((handle) => cancelInDb(handle, id, nowMs(), deps));
      const row = mustFindRun(db, id);
      if (changed !== null) {
        loop.tellEnd(row.seq, canceledEnd);
        return tell(changed);
      }
      const run = loop.find(row.seq);
      if (run !== null) stopRun(run, { reason: 'canceled', error: null }, 'Canceled: ending it.');
      return toRun(row);
    },
    async retry(id) {
      return tell(await writer.write((handle) => retryInDb(handle, id, nowMs(), deps)));
    },
    async testRun(input) {
      const run = tell(await writer.write((handle) => testInDb(handle, input, nowMs(), deps)));
      return { runId: run.id, eventId: run.eventId };
    },
    async flushOutput(id) {
      const run = loop.find(mustFindRun(db, id).seq);
      if (run !== null) await ticker.flush(run);
      // What ended just now may still be on its way to the disk.
      else await writer.drain();
    },
    async stop(graceMs) {
      loop.setClaiming(false);
      due.stop();
      const isDone = (): boolean => loop.activeCount === 0;
      // Nobody is there to answer any more, so waiting for it is waiting for nothing.
      for (const run of loop.active()) if (run.questions.length > 0) interrupt(run);
      await until(isDone, graceMs / 2);
      for (const run of loop.active()) interrupt(run);
      await until(isDone, graceMs / 2);
      deadlines.stop();
      await pool.stop();
      await guardian.stop();
      await until(isDone, 1000);
    },
    isIdle: () => loop.isIdle && writer.waiting() === 0,
    counts: () => ({ waiting: catalog.totalWaiting(), running: loop.activeCount }),
    runningOf: (job) => loop.runningOf(job),
  };
}
