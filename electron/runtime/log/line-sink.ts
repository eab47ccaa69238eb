import { closeSync, writeSync } from 'node:fs';
import { errorCode } from '../../../shared/error-code.ts';

/** Where the log's lines go. Never throws: a log that cannot be written must not stop the app, nor its end. */
export interface LineSink {
  write(line: string): void;
  /** Lines after this are dropped: the descriptor's number may be another file's by then. */
  close(): void;
}

/** A sink whose file can be replaced. */
export interface DescriptorSink extends LineSink {
  /** Continues in another file, and closes this one. */
  moveTo(descriptor: number): void;
}

/** A pipe that is full for longer has a reader that is stuck. */
const maxWaits = 10;
const waitMs = 10;

/**
 * Writes whole lines to an open descriptor at once, so that nothing is left to be flushed at the end: pino's own
 * destination retries a flush for ever on a full disk (ENOSPC). What cannot be written is dropped, and the count of
 * dropped lines is logged as soon as there is room again.
 */
export function createLineSink(opened: number): DescriptorSink {
  let descriptor = opened;
  let dropped = 0;
  let isTorn = false;
  let isClosed = false;

  function put(line: string): void {
    let rest = Buffer.from(isTorn ? `\n${line}` : line);
    for (let waits = 0; rest.length > 0; ) {
      try {
        rest = rest.subarray(writeSync(descriptor, rest));
        isTorn = rest.length > 0;
      } catch (error) {
        if (!isFullPipe(error) || waits === maxWaits) throw error;
        waits += 1;
        Atomics.wait(sleeper, 0, 0, waitMs);
      }
    }
  }

  return {
    write(line) {
      if (isClosed) return;
      try {
        if (dropped > 0) {
          put(
            `${JSON.stringify({ level: 40, time: new Date().toISOString(), dropped, msg: 'log lines were lost' })}\n`,
          );
          dropped = 0;
        }
        put(line);
      } catch {
        dropped += 1;
      }
    },
    moveTo(next) {
      closeSync(descriptor);
      descriptor = next;
      isTorn = false;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      closeSync(descriptor);
    },
  };
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

const isFullPipe = (error: unknown): boolean => errorCode(error) === 'EAGAIN';
