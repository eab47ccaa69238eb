import type { Logger } from 'pino';
import { z } from 'zod';
import { readMeta, writeMeta } from '../store/meta.ts';
import type { ReadableDb } from '../store/open.ts';
import type { Writer } from '../store/writer.ts';

/** What a source's page shows of its traffic. */
export interface SourceActivity {
  lastDeliveryAtMs: number | null;
  lastRefusal: { atMs: number; code: string; message: string } | null;
  accepted: number;
  duplicate: number;
  refused: number;
}

export interface ActivityBook {
  noteAccepted(source: string, duplicate: boolean, atMs: number): void;
  noteRefused(source: string, code: string, message: string, atMs: number): void;
  of(source: string): SourceActivity;
  /** Sources with news since the last call. */
  takeChanged(): string[];
  stop(): Promise<void>;
}

const activitySchema = z.object({
  lastDeliveryAtMs: z.number().nullable(),
  lastRefusal: z.object({ atMs: z.number(), code: z.string(), message: z.string() }).nullable(),
  accepted: z.number(),
  duplicate: z.number(),
  refused: z.number(),
});

const key = 'source_activity';
const saveEveryMs = 10_000;

const nothingYet = (): SourceActivity => ({
  lastDeliveryAtMs: null,
  lastRefusal: null,
  accepted: 0,
  duplicate: 0,
  refused: 0,
});

/**
 * Counters in memory, saved every ten seconds: counting deliveries in SQL would take seconds on a big store, and a
 * crash costs no more than the last ten seconds of these numbers, never a delivery.
 */
export function openActivityBook(db: ReadableDb, writer: Writer, log: Logger): ActivityBook {
  const book = new Map<string, SourceActivity>(load(db));
  const changed = new Set<string>();
  let isDirty = false;

  const entry = (source: string): SourceActivity => {
    let found = book.get(source);
    if (found === undefined) {
      found = nothingYet();
      book.set(source, found);
    }
    changed.add(source);
    isDirty = true;
    return found;
  };

  async function save(): Promise<void> {
    if (!isDirty) return;
    isDirty = false;
    const text = JSON.stringify(Object.fromEntries(book));
    await writer.write((handle) => writeMeta(handle, key, text));
  }

  const timer = setInterval(() => {
    save().catch((error: unknown) => log.warn({ err: error }, 'source counters could not be saved'));
  }, saveEveryMs);
  timer.unref();

  return {
    noteAccepted(source, duplicate, atMs) {
      const activity = entry(source);
      activity.lastDeliveryAtMs = atMs;
      if (duplicate) activity.duplicate += 1;
      else activity.accepted += 1;
    },
    noteRefused(source, code, message, atMs) {
      const activity = entry(source);
      activity.refused += 1;
      activity.lastRefusal = { atMs, code, message };
    },
    of: (source) => book.get(source) ?? nothingYet(),
    takeChanged() {
      const names = [...changed];
      changed.clear();
      return names;
    },
    async stop() {
      clearInterval(timer);
      await save();
    },
  };
}

function load(db: ReadableDb): [string, SourceActivity][] {
  const text = readMeta(db, key);
  if (text === null) return [];
  const parsed = z.record(z.string(), activitySchema).safeParse(JSON.parse(text));
  return parsed.success ? Object.entries(parsed.data) : [];
}
