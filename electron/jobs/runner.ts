import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { printDuration } from '../../shared/contract/duration.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { mustFindRun } from '../runs/must-find-run.ts';
import { claimsOfNode, otherNodeOf } from '../store/log/log-claims.ts';
import { removeStrayFiles, runFilesFolder } from './attempt/run-files.ts';
import { createRunOrders, type RunOrders } from './operator/run-orders.ts';
import type { JobRunner } from './operator/runner-types.ts';
import { progressOfSteps } from './output/run-steps.ts';
import { TimeShare } from './output/time-share.ts';
import { instanceName, toPath } from './process/child-environment.ts';
import { createGuardian } from './process/guardian-link.ts';
import { removeFilesNow } from './process/remove-files.ts';
import { awaitedReserve, ClaimLoop } from './queue/claim-loop.ts';
import { createDueRuns } from './queue/due-runs.ts';
import { reapOrphans, settleInterrupted } from './queue/recovery.ts';
import { createSharedTurns } from './queue/shared-turns.ts';
import { createStopRuns } from './queue/stop-runs.ts';
import type { ActiveRun, ReportedEventType } from './run/active-run.ts';
import { DeadlineTimer } from './run/deadline-timer.ts';
import { Questions } from './run/questions.ts';
import { createRunAttempts } from './run/run-attempts.ts';
import { RunFilesWatch } from './run/run-files-watch.ts';
import { createRunRequests } from './run/run-requests.ts';
import { RunTicker } from './run/run-ticker.ts';
import { createRunWrites } from './run/run-writes.ts';
import type { JobRunnerDeps, SharedRuns } from './run/runner-deps.ts';
import { createSharedRunWrites } from './run/shared-run-writes.ts';
import { type AttemptDeps, workerStart } from './run/start-attempt.ts';
import { jobApiFolder } from './script/job-api.ts';
import { ScriptPool } from './script/script-pool.ts';

/** In a cluster an order is carried out in the store of each node; the one that has the run ends its processes. */
function shareOrders(orders: RunOrders, shared: SharedRuns | undefined): RunOrders {
  if (shared === undefined) return orders;
  const { share } = shared;
  return {
    ...orders,
    cancel: share('runs.cancel', orders.cancel),
    retry: share('runs.retry', orders.retry),
    cancelMany: share('runs.cancel-many', orders.cancelMany),
    retryMany: share('runs.retry-many', orders.retryMany),
    testRun: share('runs.test', orders.testRun),
    acknowledge: share('runs.acknowledge', orders.acknowledge),
    unacknowledge: share('runs.unacknowledge', orders.unacknowledge),
  };
}

const defaultKillGraceMs = 10_000;
/** For a run that is filling the disk. */
const overLimitGraceMs = 1000;

/** Puts the parts of the job runner together; each says in its own file what it does. */
export function createJobRunner(deps: JobRunnerDeps): JobRunner {
  const { db, writer, lifecycle, dataDir, jobsUser: user, log } = deps;
  const nowMs = deps.nowMs ?? Date.now;
  const killGraceMs = deps.killGraceMs ?? defaultKillGraceMs;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const instance = instanceName(dataDir);
  const tempDir = join(dataDir, 'run-temp');
  const filesDir = runFilesFolder(dataDir);
  const filesOf = (runId: string): string => join(filesDir, runId);
  const guardian = createGuardian({ file: toPath(deps.workerFiles.guardian), instance, user, log });
  const workerFile = toPath(deps.workerFiles.scriptWorker);
  const share = new TimeShare();
  const pool = new ScriptPool({
    share,
    workerFile,
    apiDir: jobApiFolder(workerFile),
    guardian,
    user,
    killGraceMs,
    // Those that an awaited run may need beyond the limit stay warm as well.
    maxIdle: () => deps.settings().concurrency + awaitedReserve,
    log,
  });
  const attemptDeps: AttemptDeps = {
    dataDir,
    tempDir,
    instance,
    environment: deps.environment,
    user,
    guardian,
    pool,
    readSecret: deps.readSecret,
    requests: deps.requests,
    killGraceMs,
    log,
  };

  let isStopped = false;
  let isHeld = deps.shared?.isWorker === false;
  const startClaiming = (): void => loop.setClaiming(!isStopped && !isHeld);
  const writes = deps.shared === undefined ? createRunWrites(deps) : createSharedRunWrites(deps, deps.shared.commands);
  const ticker = new RunTicker(deps, writes, nowMs);
  const due = createDueRuns(deps, nowMs);
  const turns =
    deps.shared === undefined
      ? null
      : createSharedTurns(deps, deps.shared, { nowMs, onFreed: (jobs) => loop.wake(jobs), onGivenUp: joinAgain });
  const loop = new ClaimLoop(
    deps,
    {
      nowMs,
      onClaimed: (runs) => attempts.start(runs),
      onSettled: () => stopRuns.onSettled(),
    },
    turns,
  );
  const deadlines = new DeadlineTimer<ActiveRun>(
    () => loop.active(),
    (run) => {
      const limit = printDuration(run.job?.timeoutMs ?? 0);
      attempts.stop(
        run,
        { reason: 'timeout', error: `took longer than ${limit}` },
        `Time limit of ${limit} reached. Ending the run.`,
      );
    },
  );
  /** Requests write no files. */
  const mayWriteFiles = (run: ActiveRun): boolean => run.job?.spec.kind !== 'http';
  const filesWatch = new RunFilesWatch(() => [...loop.active()].filter(mayWriteFiles), filesOf, endOverLimit, log);
  const questions = new Questions(deps, writes, {
    nowMs,
    onPausedForInput: (run) => loop.pauseForInput(run.row.seq, true),
    onResumed: (run) => {
      loop.pauseForInput(run.row.seq, false);
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
    say,
  });
  const attempts = createRunAttempts(deps, {
    nowMs,
    share,
    attemptDeps,
    finish: (finish, flush) => loop.finish(finish, flush),
    ticker,
    questions,
    requests,
    filesOf,
    onStarted(run) {
      deadlines.watch(run);
      if (mayWriteFiles(run)) filesWatch.start();
    },
  });
  const stopRuns = createStopRuns(loop, attempts);
  const orders = shareOrders(createRunOrders({ ...deps, nowMs, loop, attempts }), deps.shared);

  /** Others have the runs of this node: it was cut off for longer than the lease. */
  function joinAgain(): void {
    if (isStopped) return;
    log.warn('the cluster had given up this node, and its runs go to others; joining again');
    for (const run of loop.active()) {
      attempts.stop(
        run,
        { reason: 'interrupted', error: 'The cluster gave this run to another node.' },
        'The cluster has given this run to another node. Ending it.',
      );
    }
    deps.shared?.beginAgain();
    turns
      ?.join()
      .then(recount)
      .catch((error: unknown) => log.error({ err: error }, 'the cluster could not be joined again'));
  }

  function say(run: ActiveRun, type: ReportedEventType): Promise<void> | null {
    if (!lifecycle.isHeard(type)) return null;
    return writes
      .say(run, type)
      .catch((error: unknown) => log.warn({ err: error, runId: run.row.id, type }, 'what a run says was not stored'));
  }

  function recount(): void {
    loop.recount().catch((error: unknown) => log.error({ err: error }, 'waiting runs could not be counted'));
  }

  function warmUp(jobs: Iterable<string>): void {
    // Processes get their PATH from it.
    const reading = deps.environment.reading();
    if (reading !== null) void reading.then(() => warmUp(jobs));
    else if (!isStopped) {
      pool.keepSpares([...jobs].flatMap((slug) => workerStart(deps.catalog.get(slug), attemptDeps) ?? []));
    }
  }

  function endOverLimit(runId: string, said: string): void {
    for (const run of loop.active()) {
      if (run.row.id !== runId) continue;
      attempts.stop(run, { reason: 'limit', error: said }, `Ending it: ${said}.`, overLimitGraceMs);
    }
  }

  return {
    ...orders,
    async start() {
      const { shared } = deps;
      reapOrphans(db, instance, log, shared === undefined ? undefined : claimsOfNode(db, shared.node.id));
      mkdirSync(tempDir, { recursive: true, mode: 0o700 });
      for (const name of readdirSync(tempDir)) removeFilesNow(join(tempDir, name), user);
      removeStrayFiles(dataDir, db, user);
      if (turns === null) await writer.write((tx) => settleInterrupted(tx, deps, nowMs()));
      else await turns.join();
      await loop.recount();
      // Commands of an app that was started from a menu are found once its PATH is known, which takes a moment.
      const reading = deps.environment.reading();
      if (reading === null) startClaiming();
      else void reading.then(startClaiming);
      due.start();
      await due.poll();
    },
    warmUp,
    wake() {
      recount();
      void due.poll();
    },
    prioritize: ({ seq, job }, onEnd) => loop.prioritize(seq, job, onEnd),
    async answer({ id, questionId, values, by }) {
      const { seq, state } = mustFindRun(db, id);
      const run = loop.find(seq);
      const other =
        run === null && state === 'interaction_required' && deps.shared !== undefined
          ? otherNodeOf(db, seq, deps.shared.node.id)
          : null;
      if (other !== null) {
        throw new AppError('unavailable', `The node ${other} runs this; answer its question in that node's console.`);
      }
      return await questions.answer(run, questionId, values, by);
    },
    async flushOutput(id) {
      const run = loop.find(mustFindRun(db, id).seq);
      try {
        // What ended just now is stored with its end.
        if (run !== null) await Promise.all([ticker.flush(run), loop.untilEndWritten(run)]);
      } catch (error) {
        // A disk that takes nothing can still be read; the log says it wherever lines are lost.
        log.warn({ err: error, runId: id }, 'the latest output of a run could not be stored');
      }
    },
    hold(held) {
      isHeld = held || deps.shared?.isWorker === false;
      loop.setClaiming(!isHeld);
      if (!isHeld) recount();
    },
    async stop(graceMs) {
      isStopped = true;
      loop.setClaiming(false);
      due.stop();
      // Runs whose claim is being written start once it is, and have to be ended like the others.
      await writer.drain();
      await stopRuns.stop(graceMs);
      deadlines.stop();
      filesWatch.stop();
      await pool.stop();
      await guardian.stop();
      await stopRuns.untilIdle(1000);
    },
    counts: () => ({ waiting: deps.catalog.totalWaiting(), running: loop.activeCount }),
    runningOf: (job) => loop.runningOf(job),
  };
}
