import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rm, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type AttemptProcess, type AttemptResult, type AttemptStart, failedResult } from './attempt.ts';
import { resolveProgram } from './child-environment.ts';
import type { Guardian } from './guardian-link.ts';
import { judgeOutcome, readOutcomeFile } from './outcome.ts';
import { runMark, runMarker, signalGroup } from './process-tree.ts';
import { sayExit } from './say-exit.ts';

export interface CommandRunnerOptions {
  guardian: Guardian;
  /** Folder for the files that runs get; emptied at start. */
  filesDir: string;
  killGraceMs: number;
  log: Logger;
}

export interface CommandStart extends AttemptStart {
  command: readonly string[];
  cwd: string;
  /** Everything but what is the run's own. */
  env: Record<string, string>;
}

/** After the process has ended: how long its output may still come from processes that hold the pipes. */
const drainMs = 2000;
/** How long a stream rests that gave too much; see RunOutput. */
const restMs = 100;

export function startCommand(start: CommandStart, options: CommandRunnerOptions): AttemptProcess {
  const { guardian, killGraceMs, log } = options;
  const mark = runMark(start.run.id, start.attempt);
  const dir = join(options.filesDir, mark);
  const outcomeFile = join(dir, 'outcome.json');
  let child: ChildProcess | null = null;
  let killTimer: NodeJS.Timeout | null = null;
  let isStopping = false;
  let isEnded = false;

  function end(result: AttemptResult): void {
    if (isEnded) return;
    isEnded = true;
    if (killTimer !== null) clearTimeout(killTimer);
    rm(dir, { recursive: true, force: true, maxRetries: 2 }, (error) => {
      if (error !== null) log.warn({ err: error, dir }, 'the files of a run could not be removed');
    });
    // Whoever stopped it was promised that the whole tree is gone; an ordinary end does not wait for the sweep.
    if (isStopping) void guardian.sweepRun(mark).then(() => start.onEnd(result));
    else start.onEnd(result);
  }

  function settle(code: number | null, signal: NodeJS.Signals | null): void {
    const output = start.output();
    output.end();
    const { outcome, problem } = readOutcomeFile(outcomeFile, start.masks);
    if (problem !== null)
      output.say('system', `The outcome was not kept: the file at $SIGNALBOX_OUTCOME_PATH ${problem}.`);
    const said = sayExit(code, signal, output.lastErrorLine);
    end(judgeOutcome({ ...said, exitCode: code, signal, outcome }));
  }

  function begin(): void {
    const [wanted = '', ...args] = start.command;
    const eventFile = join(dir, 'event.json');
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    writeFileSync(eventFile, start.event, { mode: 0o600 });
    const { program, env } = resolveProgram(wanted, {
      ...start.env,
      SIGNALBOX_RUN_ID: start.run.id,
      SIGNALBOX_EVENT_ID: start.run.event_id,
      SIGNALBOX_EVENT_TYPE: start.run.event_type,
      SIGNALBOX_SOURCE: start.run.source,
      SIGNALBOX_ATTEMPT: String(start.attempt),
      SIGNALBOX_EVENT_PATH: eventFile,
      SIGNALBOX_OUTCOME_PATH: outcomeFile,
      [runMarker]: mark,
    });
    guardian.watch();
    const started = spawn(program, args, {
      cwd: start.cwd,
      env,
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    child = started;
    started.on('error', (error) => end(failedResult('spawn', explainSpawn(error, wanted, start))));
    const { pid } = started;
    if (pid === undefined) return;
    guardian.groupStarted(pid);

    for (const stream of ['stdout', 'stderr'] as const) {
      const pipe = started[stream];
      pipe.on('data', (chunk: Buffer) => {
        if (start.output().write(stream, chunk)) return;
        pipe.pause();
        setTimeout(() => pipe.resume(), restMs);
      });
    }
    // EPIPE: most jobs never read their input.
    started.stdin.on('error', (error) => log.trace({ err: error, run: start.run.id }, 'a job did not read its input'));
    started.stdin.end(start.event);

    started.on('exit', (code, signal) => {
      // The leader is gone; what it left in its group goes now, what has left the group when the guardian finds it.
      signalGroup(pid, 'SIGKILL');
      guardian.groupEnded(pid);
      guardian.runEnded(mark);
      const drained = setTimeout(() => {
        started.stdout.destroy();
        started.stderr.destroy();
      }, drainMs);
      started.once('close', () => {
        clearTimeout(drained);
        settle(code, signal);
      });
    });
  }

  try {
    begin();
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    // Not in the caller's own turn: it expects the end after the start.
    setImmediate(() => end(failedResult('spawn', explainSpawn(reason, start.command[0] ?? '', start))));
  }

  return {
    stop(why) {
      if (isStopping || isEnded) return;
      isStopping = true;
      start.output().say('system', why);
      const pid = child?.pid;
      if (pid === undefined || child?.exitCode !== null || child.signalCode !== null) return;
      signalGroup(pid, 'SIGTERM');
      killTimer = setTimeout(() => {
        start.output().say('system', `Still running after ${killGraceMs / 1000} s: killed.`);
        signalGroup(pid, 'SIGKILL');
      }, killGraceMs);
    },
  };
}

function explainSpawn(error: Error, program: string, { job, cwd }: CommandStart): string {
  const code = 'code' in error ? error.code : null;
  if (!existsSync(cwd)) return `The folder ${cwd} does not exist; create it or change "cwd" of the job ${job.slug}.`;
  if (code === 'ENOENT') {
    return program.includes('/') || program.includes('\\')
      ? `${program} does not exist (looked for from ${cwd}); correct the command of the job ${job.slug}.`
      : `${program} was not found on PATH; install it or give its full path in the job ${job.slug}.`;
  }
  if (code === 'EACCES')
    return `${program} may not be executed; make it executable (chmod +x) or run it through its interpreter.`;
  if (code === 'E2BIG') return `The command and environment of the job ${job.slug} are too long for this system.`;
  return `${program} could not be started: ${error.message}`;
}
