import { AppError } from '../../shared/contract/errors.ts';
import type { CommandOptions, Commands } from '../store/write/commands.ts';
import type { Transaction, Writer } from '../store/write/writer.ts';

/** See `SharedLog.send`. */
export interface SendOptions {
  /** The write must come about: it is sent until it has, however long that takes. */
  isInsisting?: boolean;
  /** What to resolve with when the entry is stored, but not applied here in that time. */
  late?: { afterMs: number; answer(): unknown };
}

type Work = (tx: Transaction, args: unknown[]) => unknown;

/** What a node knows how to apply; see `createMachine`. */
export interface Machine {
  commands: Commands;
  /** For parts whose writes are made in every store. Outside of an entry that is being applied it refuses to write. */
  writer: Writer;
  /**
   * The same method, by way of the log: each node calls its own `method` while it applies the entry. All of its work must be
   * one write, made before it first waits for anything.
   */
  share<A extends unknown[], T>(
    name: string,
    method: (...args: A) => Promise<T>,
    options?: Pick<SendOptions, 'isInsisting'>,
  ): (...args: A) => Promise<T>;
  /** Within an entry. Gives what the command gives, or its promise. Throws AppError when it is refused. */
  apply(tx: Transaction, command: string, args: unknown[]): unknown;
}

const notYet = (): AppError => new AppError('unavailable', 'This is not available in a cluster yet.');

/**
 * Names the writes that nodes make alike. `send` puts a command and its arguments into the log and resolves with what came
 * of it in the store of this node.
 */
export function createMachine(deps: {
  local: Writer;
  send(command: string, args: unknown[], options?: SendOptions): Promise<unknown>;
}): Machine {
  const works = new Map<string, Work>();
  /** The transaction of the entry that is being applied, while one is. */
  let open: { tx: Transaction; failure: { error: unknown } | null } | null = null;

  function add(name: string, work: Work): void {
    if (works.has(name)) throw new Error(`two commands are named ${name}`);
    works.set(name, work);
  }

  const writer: Writer = {
    write(work) {
      if (open === null) return Promise.reject(notYet());
      const { tx } = open;
      try {
        const value = work(tx);
        return new Promise((resolve) => tx.afterCommit(() => resolve(value)));
      } catch (error) {
        open.failure ??= { error };
        return Promise.reject(error);
      }
    },
    waiting: deps.local.waiting,
    drain: deps.local.drain,
    hold: deps.local.hold,
  };

  // What was sent is what comes back: the types of a command's arguments are its own.
  const send = deps.send as <T>(command: string, args: unknown[], options?: SendOptions) => Promise<T>;

  return {
    writer,
    commands: {
      define<A extends unknown[], T>(
        name: string,
        work: (tx: Transaction, ...args: A) => T,
        { isInsisting = false, late }: CommandOptions<A, T> = {},
      ) {
        add(name, (tx, args) => work(tx, ...(args as A)));
        return (...args: A) =>
          send<T>(name, args, {
            isInsisting,
            ...(late === undefined ? {} : { late: { afterMs: late.afterMs, answer: () => late.answer(...args) } }),
          });
      },
    },
    share<A extends unknown[], T>(
      name: string,
      method: (...args: A) => Promise<T>,
      options: Pick<SendOptions, 'isInsisting'> = {},
    ) {
      add(name, (tx, args) => {
        const opened: NonNullable<typeof open> = { tx, failure: null };
        open = opened;
        let result: Promise<unknown>;
        try {
          result = method(...(args as A));
        } finally {
          open = null;
        }
        // Only the node that asked for it waits for the result.
        result.catch(() => undefined);
        if (opened.failure !== null) throw opened.failure.error;
        return result;
      });
      return (...args: A) => send<T>(name, args, options);
    },
    apply(tx, command, args) {
      const work = works.get(command);
      if (work === undefined) throw new Error(`no command is named ${command}`);
      return work(tx, args);
    },
  };
}
