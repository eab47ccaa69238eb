import type { Transaction, Writer } from './writer.ts';

/** A write with a name and arguments that JSON can carry, so that other nodes of a cluster can make it too. */
export type Command<A extends unknown[], T> = (...args: A) => Promise<T>;

/** How a command reaches the stores of a cluster; of no meaning on a single machine. */
export interface CommandOptions<A extends unknown[], T> {
  /** It must come about, however long that takes. */
  isInsisting?: boolean;
  /** What to answer when it is in the log, and this node has not applied it in that time. */
  late?: { afterMs: number; answer(...args: A): T };
}

/**
 * Where a write is made: in this store, or by way of a cluster's log in the store of each node. `work` depends on nothing
 * but the store, the definitions and its arguments, and takes the time from the clock it was given.
 */
export interface Commands {
  define<A extends unknown[], T>(
    name: string,
    work: (tx: Transaction, ...args: A) => T,
    options?: CommandOptions<A, T>,
  ): Command<A, T>;
}

/** On a single machine. */
export const localCommands = (writer: Writer): Commands => ({
  define:
    (_name, work) =>
    (...args) =>
      writer.write((tx) => work(tx, ...args)),
});
