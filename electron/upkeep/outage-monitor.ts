import { uptime } from 'node:os';
import type { Logger } from 'pino';
import type { ReadableDb } from '../store/database/open.ts';
import {
  type BlindWindow,
  endBlindWindow,
  endOpenBlindWindows,
  insertBlindWindow,
  listBlindWindows,
} from '../store/upkeep/outages.ts';
import type { Writer } from '../store/write/writer.ts';
import { beatEveryMs, type SessionRecord } from './session-record.ts';

/** Why no delivery can be taken at this moment. */
export type Outage = Pick<BlindWindow, 'kind' | 'detail'>;

export interface Clocks {
  /** The time of day: it may be set. */
  nowMs(): number;
  /** Cannot be set; on most systems it stops while the machine sleeps. */
  monotonicMs(): number;
  /** Time since the machine was started, with its sleep. */
  uptimeMs(): number;
}

export const systemClocks: Clocks = {
  nowMs: Date.now,
  monotonicMs: () => performance.now(),
  uptimeMs: () => uptime() * 1000,
};

export interface OutageMonitorDeps {
  db: ReadableDb;
  writer: Writer;
  session: SessionRecord;
  clocks: Clocks;
  log: Logger;
  /** Null while deliveries are taken. */
  outage: () => Outage | null;
  /** The machine was asleep, or its clock was set: what has become due is due now. */
  onTimeJumped: () => void;
  /** A window has begun or ended. `isBlind`: one lasts. */
  onChanged: (isBlind: boolean) => void;
}

export interface OutageMonitor {
  /** Receiver and console listen: what was missed since the last session is written down, and watching begins. */
  start(): void;
  /** Newest first, with the one that lasts. */
  list(limit: number): BlindWindow[];
  /** One look, for tests; otherwise every second. */
  look(): void;
  stop(): Promise<void>;
}

/** `seq` is null as long as it could not be written, such as on a full disk. */
interface Noted {
  window: BlindWindow;
  seq: number | null;
}

const lookEveryMs = 1000;
/** A look that comes later than this was kept by the machine: a process that is merely busy is not this late. */
const asleepMs = 15_000;
/** A clock is corrected by less all the time. */
const clockSetMs = 5000;

const keyOf = ({ kind, fromMs }: BlindWindow): string => `${kind} ${fromMs}`;

/** Writes down when the app was off, asleep, or could take nothing, so that missing events are not mistaken for quiet. */
export function createOutageMonitor(deps: OutageMonitorDeps): OutageMonitor {
  const { db, writer, session, clocks, log } = deps;
  let timer: NodeJS.Timeout | null = null;
  let seen = { nowMs: clocks.nowMs(), monotonicMs: clocks.monotonicMs(), uptimeMs: clocks.uptimeMs() };
  let beatAtMs = Number.NEGATIVE_INFINITY;
  /** What lasts now. */
  let current: Noted | null = null;
  /** Over, and not on disk yet. */
  let unwritten: Noted[] = [];
  let writing: Promise<void> = Promise.resolve();

  /** One after the other: an end is written when it is known whether its beginning was. */
  const tryToWrite = (write: () => Promise<void>): void => {
    writing = writing.then(write).catch((error: unknown) => {
      log.debug({ err: error }, 'a blind window could not be written; it is tried again');
    });
  };

  async function writeDown(): Promise<void> {
    const noted = unwritten;
    await writer.write(({ db: handle }) => {
      for (const { window, seq } of noted) {
        if (seq === null || window.toMs === null) insertBlindWindow(handle, window);
        else endBlindWindow(handle, seq, window.toMs);
      }
    });
    unwritten = unwritten.filter((one) => !noted.includes(one));
  }

  /** After pending writes, so that a list fetched then includes them. */
  function tellChange(): void {
    const isBlind = current !== null;
    tryToWrite(async () => deps.onChanged(isBlind));
  }

  function note(noted: Noted): void {
    tryToWrite(() => {
      unwritten.push(noted);
      return writeDown();
    });
    tellChange();
  }

  const record = (window: BlindWindow): void => note({ window, seq: null });

  function begin(window: BlindWindow): void {
    const begun: Noted = { window, seq: null };
    current = begun;
    log.warn({ kind: window.kind, detail: window.detail }, 'no deliveries are taken');
    tryToWrite(async () => {
      begun.seq = await writer.write(({ db: handle }) => insertBlindWindow(handle, window));
    });
    tellChange();
  }

  function end(ended: Noted, toMs: number): void {
    current = null;
    ended.window = { ...ended.window, toMs };
    log.info({ kind: ended.window.kind }, 'deliveries are taken again');
    note(ended);
  }

  function noticeJumps(): void {
    const now = { nowMs: clocks.nowMs(), monotonicMs: clocks.monotonicMs(), uptimeMs: clocks.uptimeMs() };
    const awayMs = Math.max(now.monotonicMs - seen.monotonicMs, now.uptimeMs - seen.uptimeMs);
    const setMs = now.nowMs - seen.nowMs - awayMs;
    const wasAsleep = awayMs > asleepMs;
    if (wasAsleep) {
      const fromMs = Math.min(now.nowMs, now.nowMs - awayMs + lookEveryMs);
      record({ kind: 'asleep', fromMs, toMs: now.nowMs, detail: 'the machine slept, or the app was suspended' });
    }
    if (Math.abs(setMs) > clockSetMs) log.warn({ bySeconds: Math.round(setMs / 1000) }, 'the clock was set');
    seen = now;
    if (wasAsleep || Math.abs(setMs) > clockSetMs) deps.onTimeJumped();
  }

  function beat(): void {
    if (Math.abs(clocks.nowMs() - beatAtMs) < beatEveryMs) return;
    beatAtMs = clocks.nowMs();
    session.beat();
    if (unwritten.length > 0) tryToWrite(writeDown);
  }

  function look(): void {
    noticeJumps();
    const outage = deps.outage();
    if (current !== null && outage?.kind !== current.window.kind) end(current, clocks.nowMs());
    if (current === null && outage !== null) begin({ ...outage, fromMs: clocks.nowMs(), toMs: null });
    try {
      beat();
    } catch (error) {
      log.debug({ err: error }, 'the sign of life could not be written');
    }
  }

  return {
    start() {
      const { last } = session;
      const nowMs = clocks.nowMs();
      if (last !== null) {
        tryToWrite(() => writer.write(({ db: handle }) => endOpenBlindWindows(handle, last.untilMs)));
        // A clock that was set back in between leaves nothing to tell.
        if (last.untilMs <= nowMs) {
          const detail = last.endedInOrder ? 'stopped' : 'ended unexpectedly: a crash, a kill or a power cut';
          record({ kind: 'off', fromMs: Math.round(last.untilMs), toMs: nowMs, detail });
        }
      }
      session.begin();
      seen = { nowMs, monotonicMs: clocks.monotonicMs(), uptimeMs: clocks.uptimeMs() };
      look();
      timer = setInterval(look, lookEveryMs);
      timer.unref();
    },
    list(limit) {
      const ends = new Map(unwritten.map(({ window, seq }) => [seq, window]));
      const stored = listBlindWindows(db, limit).map(({ seq, ...window }) => ends.get(seq) ?? window);
      // What is committed can be read before it is known to be on disk: a window may be stored and still be noted here.
      const read = new Set(stored.map(keyOf));
      const lasting = current === null ? [] : [current];
      const unstored = [...lasting, ...[...unwritten].reverse()].filter(
        ({ window, seq }) => seq === null && !read.has(keyOf(window)),
      );
      return [...unstored.map(({ window }) => window), ...stored].slice(0, limit);
    },
    look,
    async stop() {
      if (timer !== null) clearInterval(timer);
      if (current !== null) end(current, clocks.nowMs());
      await writing;
    },
  };
}
