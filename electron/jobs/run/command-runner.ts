import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ProcessJobSpec } from '../../../shared/contract/jobs.ts';
import type { Pass } from '../../../shared/contract/passed-values.ts';
import { errorText } from '../../../shared/error-text.ts';
import { type AttemptProcess, type AttemptResult, type AttemptStart, failedResult } from '../attempt/attempt.ts';
import { judgeOutcome, readOutcomeFile } from '../attempt/outcome.ts';
import { collectOutput } from '../attempt/output-outcome.ts';
import { nothingPassed, readPassedValues } from '../attempt/passed-values.ts';
import { keepFiles } from '../attempt/run-files.ts';
import { sayExit } from '../attempt/say-exit.ts';
import type { Guardian } from '../process/guardian-link.ts';
import { giveTo, type JobsUser, makeFolderFor } from '../process/jobs-user.ts';
import { runMark, runMarker, signalGroup } from '../process/process-tree.ts';
import { removeFiles } from '../process/remove-files.ts';
import type { JobEnvironment } from '../programs/job-environment.ts';
import { findProgram, hasFolder, readVariable, thisSystem } from '../programs/program-search.ts';
import { explainNotFound, planStart } from '../programs/program-start.ts';

export interface CommandRunnerDeps {
  guardian: Guardian;
  /** Whose the files of a run are; null: the app's own user. */
  user: JobsUser | null;
  environment: JobEnvironment;
  /** Folder for the files that runs get; emptied at start. */
  tempDir: string;
  killGraceMs: number;
  log: Logger;
}

export interface CommandStart extends AttemptStart {
  spec: ProcessJobSpec;
  command: readonly string[];
  /** Answers come on its standard input. */
  asks: boolean;
  pass: Pass | undefined;
  /** What it writes is its outcome. */
  yieldsOutput: boolean;
  cwd: string;
  /** Everything but what is the run's own. */
  env: Record<string, string>;
}

export function startCommand(start: CommandStart, options: CommandRunnerDeps): AttemptProcess {
  const { guardian, user, killGraceMs, log } = options;
  const { spec } = start;
  const mayLeave = spec.mayLeave === true;
  const mark = runMark(start.run.id, start.attempt, mayLeave);
  const dir = join(options.tempDir, mark);
  const outcomeFile = join(dir, 'outcome.json');
  const [wanted = ''] = start.command;
  let input: { write(text: string): void } | null = null;
  let leader: number | null = null;
  let killTimer: NodeJS.Timeout | null = null;
  let isStopping = false;
  let graceMs = killGraceMs;
  let isEnded = false;
  const written = start.yieldsOutput ? collectOutput(start.masks) : null;

  function end(result: AttemptResult): void {
    isEnded = true;
    if (killTimer !== null) clearTimeout(killTimer);
    removeFiles(dir, user, (error) => {
      if (error !== null) log.warn({ err: error, dir }, 'the files of a run could not be removed');
    });
    // A stop promises that the whole tree is gone; an ordinary end does not wait for the sweep.
    if (!isStopping) {
      start.onEnd(result);
      return;
    }
    // Its group was left alone for what it may leave at an end of its own.
    if (mayLeave && leader !== null) signalGroup(leader, 'SIGKILL');
    void guardian.sweepRun(mark, { end: true }).then(() => start.onEnd(result));
  }

  function settle(code: number | null, signal: string | null): void {
    const output = start.output();
    output.end();
    const { outcome, problem } = written?.outcome(code) ?? readOutcomeFile(outcomeFile, start.masks, user);
    if (problem !== null) {
      const what = written === null ? 'the file at $SIGNALBOX_OUTCOME_PATH' : 'the output';
      output.say('system', `The outcome was not kept: ${what} ${problem}.`);
    }
    for (const said of keepFiles(start.filesDir, user)) output.say('system', said);
    end(judgeOutcome({ ...sayExit(code, signal, output.lastErrorLine), exitCode: code, signal, outcome }));
  }

  function askToEnd(pid: number): void {
    signalGroup(pid, 'SIGTERM');
    killTimer = setTimeout(() => {
      start.output().say('system', `Still running after ${graceMs / 1000} s: killed.`);
      signalGroup(pid, 'SIGKILL');
    }, graceMs);
  }

  function begin(): void {
    const eventFile = join(dir, 'event.json');
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    makeFolderFor(user, start.filesDir);
    writeFileSync(eventFile, start.event, { mode: 0o600 });
    giveTo(user, eventFile);
    const passed = start.pass === undefined ? nothingPassed : readPassedValues(start.pass, start.event);
    const files = passed.files.map(({ variable, content }, index): [string, string] => {
      const file = join(dir, `passed-${index + 1}`);
      writeFileSync(file, content, { mode: 0o600 });
      giveTo(user, file);
      return [variable, file];
    });
    // Last: from now on the user may put anything into it.
    giveTo(user, dir);
    const env = {
      ...start.env,
      ...passed.env,
      ...Object.fromEntries(files),
      SIGNALBOX_RUN_ID: start.run.id,
      SIGNALBOX_EVENT_ID: start.run.event_id,
      SIGNALBOX_EVENT_TYPE: start.run.event_type,
      SIGNALBOX_SOURCE: start.run.source,
      SIGNALBOX_ATTEMPT: String(start.attempt),
      SIGNALBOX_EVENT_PATH: eventFile,
      SIGNALBOX_OUTCOME_PATH: outcomeFile,
      SIGNALBOX_FILES_DIR: start.filesDir,
      [runMarker]: mark,
    };
    const planned = planStart([...start.command, ...passed.args], { cwd: start.cwd, env }, thisSystem);
    if ('problem' in planned) {
      setImmediate(() => end(failedResult('spawn', `${wanted} ${planned.problem}.`)));
      return;
    }
    input = guardian.spawn(
      { ...planned, cwd: start.cwd, stdin: eventFile, keepsInput: start.asks, mark },
      {
        onSpawned(pid) {
          leader = pid;
          if (isStopping) askToEnd(pid);
        },
        onFailed: (error) => end(failedResult('spawn', explainSpawn(error, wanted, start, options))),
        onOutput(stream, chunk) {
          written?.add(chunk);
          start.output().write(stream, chunk);
        },
        onEnded: settle,
        onLeft: start.onLeft,
        onLost() {
          if (leader !== null) signalGroup(leader, 'SIGKILL');
          const lost = 'the process that supervises commands was killed';
          void guardian.sweepRun(mark, { end: true }).then(() => end(failedResult('signal', lost)));
        },
      },
    );
  }

  try {
    begin();
  } catch (error) {
    const message = errorText(error);
    // Not in the caller's own turn: it expects the end after the start.
    setImmediate(() => end(failedResult('spawn', `The files for the run could not be written: ${message}`)));
  }

  return {
    stop(why, withinMs = killGraceMs) {
      if (isStopping || isEnded) return;
      isStopping = true;
      graceMs = withinMs;
      start.output().say('system', why);
      if (leader !== null) askToEnd(leader);
    },
    tell: start.asks ? (line) => input?.write(`${line}\n`) : undefined,
  };
}

function explainSpawn(
  { code, message }: { code: string | null; message: string },
  program: string,
  { job, spec, cwd, env }: CommandStart,
  { environment, user }: CommandRunnerDeps,
): string {
  if (!existsSync(cwd)) return `The folder ${cwd} does not exist; create it or change "cwd" of the job ${job.slug}.`;
  const found = findProgram(program, { cwd, env }, thisSystem);
  if (found.kind !== 'found') {
    const searched = environment.searched(readVariable(spec.env ?? {}, 'PATH', process.platform));
    return `${program} ${explainNotFound(found, hasFolder(program), { searched, slug: job.slug })}.`;
  }
  if (code === 'ENOENT') {
    return `${program} (${found.file}) could not be started: the interpreter its first line names does not exist; correct that line or run it through its interpreter.`;
  }
  if (code === 'EACCES' && user !== null) {
    return `${program} (${found.file}) could not be started by the user ${user.name}; let that user enter the folder ${cwd} and execute the file.`;
  }
  if (code === 'E2BIG') return `The command and environment of the job ${job.slug} are too long for this system.`;
  return `${program} could not be started: ${message}`;
}
