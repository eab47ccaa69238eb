import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../../shared/error-code.ts';
import { isDiskFull } from '../store/database/storage-errors.ts';

const recordSchema = z.object({ startedAtMs: z.number(), endedAtMs: z.number().nullable() });

/** The session before this one, as far as is known. */
export interface LastSession {
  /** Until when it surely ran; exact when it ended in good order, else up to `beatEveryMs` too early. */
  untilMs: number;
  endedInOrder: boolean;
}

export interface SessionRecord {
  last: LastSession | null;
  /** Receiver and console listen. A start that came to nothing before leaves the last session as it is on record. */
  begin(): void;
  /** Still alive. */
  beat(): void;
  end(): void;
}

export const beatEveryMs = 10_000;

/**
 * Tells the next start when this one ended, whatever ended it. A file and its time of change, not a row: a beat costs
 * no fsync, needs no room on a full disk, and outlives the loss of the store. `onUnusable`, once: something else is in its
 * place, so the next start will not know; this one goes on.
 */
export function openSessionRecord(
  dataDir: string,
  nowMs: () => number,
  onUnusable: (file: string, error: unknown) => void,
): SessionRecord {
  const file = join(dataDir, 'session.json');
  let isReported = false;
  function onProblem(error: unknown): void {
    if (!isReported) onUnusable(file, error);
    isReported = true;
  }
  let startedAtMs: number | null = null;
  function write(endedAtMs: number | null): void {
    try {
      writeFileSync(file, JSON.stringify({ startedAtMs, endedAtMs }), { mode: 0o600 });
    } catch (error) {
      // It may be left empty: its time of change still tells until when the app ran.
      if (!isDiskFull(error)) onProblem(error);
    }
  }
  return {
    last: readLast(file, onProblem),
    begin() {
      startedAtMs = nowMs();
      write(null);
    },
    beat() {
      const seconds = nowMs() / 1000;
      try {
        utimesSync(file, seconds, seconds);
      } catch (error) {
        onProblem(error);
      }
    },
    end() {
      if (startedAtMs !== null) write(nowMs());
    },
  };
}

function readLast(file: string, onProblem: (error: unknown) => void): LastSession | null {
  try {
    const aliveAtMs = statSync(file).mtimeMs;
    const parsed = recordSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    // A disk that was full has left it empty: its time of change still tells.
    const endedAtMs = parsed.success ? parsed.data.endedAtMs : null;
    return { untilMs: endedAtMs ?? aliveAtMs, endedInOrder: endedAtMs !== null };
  } catch (error) {
    if (error instanceof SyntaxError) return { untilMs: statSync(file).mtimeMs, endedInOrder: false };
    if (errorCode(error) === 'ENOENT') return null;
    onProblem(error);
    return null;
  }
}
