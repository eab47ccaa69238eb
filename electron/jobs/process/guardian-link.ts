import { type ChildProcess, spawn } from 'node:child_process';
import type { Logger } from 'pino';
import { nodeCommand } from './child-environment.ts';
import {
  createFrameReader,
  type FromGuardian,
  frameKinds,
  fromGuardianSchema,
  type SpawnOrder,
  type ToGuardian,
} from './guardian-protocol.ts';
import { withoutInherited } from './inherited-descriptors.ts';
import type { JobsUser } from './jobs-user.ts';
import type { Left } from './left-processes.ts';

export interface CommandHandlers {
  onSpawned(pid: number): void;
  onFailed(error: { code: string | null; message: string }): void;
  onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** The process and its group are gone, and all output was handed over. */
  onEnded(code: number | null, signal: string | null): void;
  /** What the run left behind; after the end, and not at all when it left nothing. */
  onLeft(left: Left): void;
  /** The guardian itself ended, which nothing but a KILL from outside makes it do. */
  onLost(): void;
}

export interface Guardian {
  /** Before the first child of the app: starts the guardian if it does not exist. */
  watch(): void;
  /** Exactly one of `onFailed`, `onEnded` and `onLost` comes, last and not within this call. */
  spawn(order: SpawnOrder, handlers: CommandHandlers): { write(text: string): void };
  /** Kills what an attempt left behind (`mark`: see `runMark`), or tells of it; resolves with that when it is done. */
  sweepRun(mark: string, does: { end: boolean }): Promise<Left | null>;
  /** Ends the guardian, which ends whatever of this instance is still alive. */
  stop(): Promise<void>;
}

export interface GuardianDeps {
  file: string;
  instance: string;
  /** It and its commands run as this user; null: as the app's own. */
  user: JobsUser | null;
  log: Logger;
}

const ackTimeoutMs = 5000;

export function createGuardian({ file, instance, user, log }: GuardianDeps): Guardian {
  let child: ChildProcess | null = null;
  let isStopping = false;
  let nextId = 1;
  const acks = new Map<number, () => void>();
  /** By mark: told of what a look through the processes finds when a run has ended. */
  const leavers = new Map<string, (left: Left) => void>();
  const commands = new Map<number, CommandHandlers & { mark: string }>();

  function take(message: FromGuardian): void {
    if (message.t === 'left') {
      const { mark, left } = message;
      if (left.wereEnded) log.info({ mark, count: left.count }, 'ended processes that outlived their run');
      leavers.get(mark)?.(left);
      return;
    }
    if (message.t === 'swept') {
      for (const mark of message.marks) leavers.delete(mark);
      for (const ack of message.acks) acks.get(ack)?.();
      return;
    }
    const handlers = commands.get(message.id);
    if (message.t === 'spawned') {
      handlers?.onSpawned(message.pid);
      return;
    }
    commands.delete(message.id);
    if (message.t === 'failed') {
      if (handlers !== undefined) leavers.delete(handlers.mark);
      handlers?.onFailed(message);
    } else handlers?.onEnded(message.code, message.signal);
  }

  function start(): ChildProcess {
    const started = withoutInherited(['pipe', 'pipe', 'inherit'], (stdio, coveredTo) => {
      const { command, args, env } = nodeCommand(file, [
        instance,
        String(coveredTo),
        ...(user === null ? [] : [JSON.stringify(user)]),
      ]);
      return spawn(command, args, { env, detached: true, windowsHide: true, stdio });
    });
    let isGone = false;
    const gone = (): void => {
      if (isGone) return;
      isGone = true;
      if (child === started) child = null;
      for (const resolve of [...acks.values()]) resolve();
      leavers.clear();
      const lost = [...commands.values()];
      commands.clear();
      for (const handlers of lost) handlers.onLost();
    };
    started.on('error', (error) => {
      log.error({ err: error }, 'the guardian of child processes did not start');
      gone();
    });
    started.on('exit', (code, signal) => {
      if (!isStopping) log.warn({ code, signal }, 'the guardian of child processes ended; the next run starts another');
    });
    // Not `exit`: its last messages may still be in the pipe.
    started.on('close', gone);
    started.stdin?.on('error', (error) => log.debug({ err: error }, 'the guardian is gone'));
    const read = createFrameReader((kind, id, body) => {
      if (kind === frameKinds.message) take(fromGuardianSchema.parse(JSON.parse(body.toString('utf8'))));
      else commands.get(id)?.onOutput(kind === frameKinds.stdout ? 'stdout' : 'stderr', body);
    });
    started.stdout?.on('data', (chunk: Buffer) => {
      if (isGone) return;
      try {
        read(chunk);
      } catch (error) {
        // Only a process of this user that writes into the guardian's pipe can do that.
        log.error({ err: error }, 'the guardian of child processes sent what is no message: killed');
        started.kill('SIGKILL');
        started.stdout?.destroy();
      }
    });
    return started;
  }

  const send = (message: ToGuardian): void => {
    child ??= start();
    child.stdin?.write(`${JSON.stringify(message)}\n`);
  };

  return {
    watch() {
      if (!isStopping) child ??= start();
    },
    spawn(order, handlers) {
      if (isStopping) {
        setImmediate(() => handlers.onLost());
        return { write: () => undefined };
      }
      const id = nextId++;
      commands.set(id, { ...handlers, mark: order.mark });
      leavers.set(order.mark, handlers.onLeft);
      send({ t: 'spawn', id, ...order });
      return {
        write(text) {
          if (commands.has(id)) send({ t: 'input', id, text });
        },
      };
    },
    sweepRun: (mark, does) =>
      new Promise((resolve) => {
        if (isStopping) return resolve(null);
        const ack = nextId++;
        let found: Left | null = null;
        leavers.set(mark, (left) => {
          found = left;
        });
        const done = (): void => {
          clearTimeout(timer);
          acks.delete(ack);
          resolve(found);
        };
        // A guardian that hangs must not hold up the run's end; the next start of the app reaps again.
        const timer = setTimeout(() => {
          log.warn({ mark }, 'the guardian of child processes did not answer');
          done();
        }, ackTimeoutMs);
        acks.set(ack, done);
        send({ t: 'sweep', mark, ends: does.end, ack });
      }),
    stop() {
      isStopping = true;
      const last = child;
      if (last === null) return Promise.resolve();
      return new Promise((resolve) => {
        last.once('close', () => resolve());
        last.stdin?.end();
      });
    },
  };
}
