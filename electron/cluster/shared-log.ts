import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import { AppError } from '../../shared/contract/errors.ts';
import { errorText } from '../../shared/error-text.ts';
import type { ReadableDb } from '../store/database/open.ts';
import { applyEntry } from '../store/log/apply-entry.ts';
import { readLogPosition } from '../store/log/log-position.ts';
import type { Writer } from '../store/write/writer.ts';
import { decodeMessage, encodeMessage, encodeStored, type LogMessage, NewerMessageError } from './log-message.ts';
import type { Machine, SendOptions } from './machine.ts';
import type { ClusterLinks } from './nats.ts';

export interface SharedLogDeps {
  db: ReadableDb;
  /** Of this node's own store. */
  local: Writer;
  machine: Pick<Machine, 'apply'>;
  log: Logger;
  /** Commands that nothing may overtake: those after them are applied when all that they change is in memory too. */
  isBarrier(command: string): boolean;
  /** How far this node's clock is behind that of the log. */
  onTime(skewMs: number): void;
  /** Whether the last write was stored: null, or why not. */
  onWritten(problem: string | null): void;
  /** Why entries cannot be applied; null: they are. */
  onProblem(problem: string | null): void;
}

/** The log of a cluster: what is sent to it comes back to every node in one order, and is applied there. */
export interface SharedLog {
  /** Resolves when the entry is stored and this node has applied it, with what came of it. Throws AppError. */
  send(command: string, args: unknown[], options?: SendOptions): Promise<unknown>;
  /** Applies what follows the position of the store, and resolves when this node has caught up with `untilSeq`. */
  start(links: ClusterLinks, untilSeq: number): Promise<void>;
  /** The last entry applied. */
  position(): number;
  /** Entries known to be in the log that are not applied here. */
  lag(): number;
  stop(): Promise<void>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const publishMs = 3000;
/** An order is given up after this long. It may have been stored: nobody can know until the log can be read. */
const giveUpMs = 10_000;
const retryMs = 300;
/**
 * The consumer lives on one NATS server. When that is gone, two missing heartbeats tell, and another one is made: with the
 * client's own 15 s a node would apply nothing for a minute.
 */
const heartbeatMs = 1000;
const pullMs = 5000;
/** Entries that wait for the disk of this node. */
const maxUnderWay = 512;
/** Of the limit of the server, for headers. */
const reservedBytes = 4096;

const unreachable = (why: string): AppError =>
  new AppError('unavailable', `The log of the cluster cannot be written (${why}); try again in a moment.`);

export function createSharedLog(deps: SharedLogDeps): SharedLog {
  const { db, local, machine, log } = deps;
  const waiting = new Map<string, Waiting>();
  const idPrefix = crypto.randomUUID();
  let count = 0;
  let links: ClusterLinks | null = null;
  let isStopped = false;
  let applied = readLogPosition(db)?.seq ?? 0;
  let known = applied;
  let messages: ConsumerMessages | null = null;
  let loop: Promise<void> = Promise.resolve();
  const catchUps: { seq: number; resolve(): void }[] = [];

  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  async function encode(message: LogMessage, { connection, blobs }: ClusterLinks): Promise<Buffer> {
    const bytes = encodeMessage(message);
    const limit = (connection.info?.max_payload ?? 1_048_576) - reservedBytes;
    if (bytes.length <= limit) return bytes;
    await blobs.putBlob({ name: message.id }, bytes);
    return encodeStored(message.id);
  }

  /** Resolves with its place in the log; repeats are recognised by the id. */
  async function publish(message: LogMessage): Promise<number> {
    if (links === null) throw new Error('there is no connection yet');
    const data = await encode(message, links);
    const ack = await links.jetstream.publish(links.subject, data, {
      msgID: message.id,
      timeout: publishMs,
      retries: 1,
    });
    known = Math.max(known, ack.seq);
    deps.onWritten(null);
    return ack.seq;
  }

  async function send(command: string, args: unknown[], options: SendOptions = {}): Promise<unknown> {
    count += 1;
    const message: LogMessage = { id: `${idPrefix}.${count}`, command, args };
    const result = new Promise<unknown>((resolve, reject) => waiting.set(message.id, { resolve, reject }));
    // Looked at below, unless it is given up.
    result.catch(() => undefined);
    const sentAtMs = Date.now();
    const endBy = performance.now() + giveUpMs;
    try {
      for (let isStored = false; !isStored; ) {
        const outcome = await Promise.race([
          publish(message).then(
            () => null,
            (error: unknown) => ({ error }),
          ),
          // Applied here: it is in the log, whatever became of the confirmation.
          result.then(
            () => null,
            () => null,
          ),
        ]);
        if (outcome === null) break;
        const why = errorText(outcome.error);
        deps.onWritten(why);
        if (isStopped || (options.isInsisting !== true && performance.now() > endBy)) throw unreachable(why);
        log.debug({ command, why }, 'the log of the cluster did not take an entry; sending it again');
        isStored = false;
        await pause(retryMs);
      }
      return await settled(result, options, endBy);
    } finally {
      waiting.delete(message.id);
      if (applied >= known) deps.onTime(lastAtMs === 0 ? 0 : lastAtMs - (sentAtMs + Date.now()) / 2);
    }
  }

  /** Stored; now for what comes of it here. */
  async function settled(result: Promise<unknown>, options: SendOptions, endBy: number): Promise<unknown> {
    if (options.isInsisting === true) return await result;
    const ms = options.late?.afterMs ?? Math.max(giveUpMs / 2, endBy - performance.now());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), ms);
    });
    try {
      const first = await Promise.race([result.then((value) => ({ value })), late]);
      if (first !== 'late') return first.value;
      if (options.late !== undefined) return options.late.answer();
      throw new AppError(
        'unavailable',
        'The order is stored, and this node is too far behind to show what comes of it.',
      );
    } finally {
      clearTimeout(timer);
    }
  }

  let lastAtMs = 0;

  /** Queues one entry for the store; resolves when it is on disk. */
  function apply(
    message: LogMessage,
    entry: { seq: number; atMs: number; after: number },
  ): Promise<{ result: unknown }> {
    return local
      .write((tx) =>
        applyEntry(tx, entry, (inner) => ({ result: machine.apply(inner, message.command, message.args) })),
      )
      .then((outcome) => {
        applied = entry.seq;
        lastAtMs = entry.atMs;
        const own = waiting.get(message.id);
        if (!outcome.ok) own?.reject(outcome.error);
        else own?.resolve(outcome.value.result);
        while ((catchUps[0]?.seq ?? Number.POSITIVE_INFINITY) <= applied) catchUps.shift()?.resolve();
        if (applied >= known) deps.onProblem(null);
        // In an object: nobody waits here for what follows from it.
        return outcome.ok ? outcome.value : { result: null };
      });
  }

  async function read(message: JsMsg, { blobs }: ClusterLinks): Promise<LogMessage> {
    const decoded = decodeMessage(message.data);
    if (!('blob' in decoded)) return decoded;
    const bytes = await blobs.getBlob(decoded.blob);
    if (bytes === null) throw new Error(`the object ${decoded.blob} of an entry of the log is gone`);
    const inner = decodeMessage(bytes);
    if ('blob' in inner) throw new Error('an object of the log names another one');
    return inner;
  }

  /** Until it fails or is stopped; begins where the store is. */
  async function follow(from: ClusterLinks): Promise<void> {
    const consumer = await from.jetstream.consumers.get(from.stream, {
      deliver_policy: 'by_start_sequence',
      opt_start_seq: applied + 1,
    });
    const current = await consumer.consume({ max_messages: maxUnderWay, expires: pullMs, idle_heartbeat: heartbeatMs });
    messages = current;
    let after = applied;
    const underWay = new Set<Promise<unknown>>();
    const failures: { error: unknown }[] = [];
    const isFailed = (): boolean => failures.length > 0;
    for await (const message of current) {
      if (isStopped || isFailed()) break;
      const { seq } = message;
      if (seq <= after) continue;
      known = Math.max(known, seq + message.info.pending);
      if (seq !== after + 1) {
        throw new Error(
          `the log begins at ${seq}, and this node has applied it up to ${after} only: it was away too long`,
        );
      }
      const decoded = await read(message, from);
      const entry = { seq, atMs: Number(message.timestampNanos / 1_000_000n), after };
      const isAlone = deps.isBarrier(decoded.command);
      if (isAlone) await Promise.all(underWay);
      if (isFailed()) break;
      after = seq;
      const done = apply(decoded, entry).catch((error: unknown) => {
        failures.push({ error });
        current.stop();
        return null;
      });
      underWay.add(done);
      void done.then(() => underWay.delete(done));
      if (isAlone) {
        const result = (await done)?.result;
        // Refusals are told where they were asked for.
        if (result instanceof Promise) await result.catch(() => undefined);
      } else if (underWay.size >= maxUnderWay) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    for (const { error } of failures) throw error;
  }

  async function run(from: ClusterLinks): Promise<void> {
    while (!isStopped) {
      try {
        await follow(from);
      } catch (error) {
        if (isStopped) return;
        log.error({ err: error, after: applied }, 'entries of the log of the cluster cannot be applied; trying again');
        deps.onProblem(
          error instanceof NewerMessageError
            ? error.message
            : `Entry ${applied + 1} of the log of the cluster cannot be applied here: ${errorText(error)}.`,
        );
      }
      messages?.stop();
      await local.drain();
      // Whatever was taken back is applied again.
      applied = readLogPosition(db)?.seq ?? 0;
      if (!isStopped) await pause(1000);
    }
  }

  return {
    send,
    async start(from, untilSeq) {
      links = from;
      applied = readLogPosition(db)?.seq ?? 0;
      known = Math.max(known, untilSeq);
      const caughtUp =
        applied >= untilSeq
          ? Promise.resolve()
          : new Promise<void>((resolve) => {
              catchUps.push({ seq: untilSeq, resolve });
            });
      loop = run(from);
      await caughtUp;
    },
    position: () => applied,
    lag: () => Math.max(0, known - applied),
    async stop() {
      isStopped = true;
      messages?.stop();
      await loop;
    },
  };
}
