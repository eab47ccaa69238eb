import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Logger } from 'pino';
import { nodeCommand } from './child-environment.ts';
import { fromGuardianSchema, type ToGuardian } from './guardian-protocol.ts';

export interface Guardian {
  /** Before the first child of the app: starts the guardian if it is not there. */
  watch(): void;
  /** An attempt's process has ended (`mark`: see `runMark`): what it left behind is killed within ≈ 50 ms. */
  runEnded(mark: string): void;
  /** As `runEnded`, and resolves when nothing is left. */
  sweepRun(mark: string): Promise<void>;
  groupStarted(pid: number): void;
  groupEnded(pid: number): void;
  /** Ends the guardian, which ends whatever of this instance is still alive. */
  stop(): Promise<void>;
}

export interface GuardianOptions {
  file: string;
  instance: string;
  log: Logger;
}

const ackTimeoutMs = 5000;
const tracksGroups = process.platform !== 'linux';

export function createGuardian({ file, instance, log }: GuardianOptions): Guardian {
  let child: ChildProcess | null = null;
  let isStopping = false;
  let nextAck = 1;
  const waiting = new Map<number, () => void>();

  function start(): ChildProcess {
    const { command, args, env } = nodeCommand(file, [instance]);
    const started = spawn(command, args, {
      env,
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    started.unref();
    started.on('error', (error) => log.error({ err: error }, 'the guardian of child processes did not start'));
    started.stdin?.on('error', (error) => log.debug({ err: error }, 'the guardian is gone'));
    started.on('exit', (code, signal) => {
      if (child === started) child = null;
      for (const resolve of waiting.values()) resolve();
      waiting.clear();
      if (!isStopping) log.warn({ code, signal }, 'the guardian of child processes ended; the next run starts another');
    });
    if (started.stdout !== null) {
      createInterface({ input: started.stdout }).on('line', (line) => {
        const message = fromGuardianSchema.parse(JSON.parse(line));
        if (message.killed > 0) log.info({ killed: message.killed }, 'ended processes that outlived their run');
        for (const ack of message.acks) {
          waiting.get(ack)?.();
          waiting.delete(ack);
        }
      });
    }
    return started;
  }

  const send = (message: ToGuardian): void => {
    if (isStopping) return;
    child ??= start();
    child.stdin?.write(`${JSON.stringify(message)}\n`);
  };

  return {
    watch() {
      if (!isStopping) child ??= start();
    },
    runEnded: (run) => send({ t: 'ended', run, ack: null }),
    sweepRun: (run) =>
      new Promise((resolve) => {
        if (isStopping) return resolve();
        const ack = nextAck++;
        // A guardian that hangs must not hold up the run's end; the next start of the app reaps again.
        const timer = setTimeout(() => {
          waiting.delete(ack);
          log.warn({ run }, 'the guardian of child processes did not answer');
          resolve();
        }, ackTimeoutMs);
        waiting.set(ack, () => {
          clearTimeout(timer);
          resolve();
        });
        send({ t: 'ended', run, ack });
      }),
    groupStarted: (pid) => {
      if (tracksGroups) send({ t: 'group', pid, alive: true });
    },
    groupEnded: (pid) => {
      if (tracksGroups) send({ t: 'group', pid, alive: false });
    },
    stop() {
      isStopping = true;
      const last = child;
      if (last === null) return Promise.resolve();
      return new Promise((resolve) => {
        last.once('exit', () => resolve());
        last.stdin?.end();
      });
    },
  };
}
