import type { Logger } from 'pino';
import { z } from 'zod';
import type { SourceActivity } from '../../console/handlers/ports.ts';
import { readMeta, writeMeta } from '../../store/database/meta.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import type { Writer } from '../../store/write/writer.ts';

const sourceActivitySchema = z.object({
  lastDeliveryAtMs: z.number().nullable(),
  lastRefusal: z.object({ atMs: z.number(), code: z.string(), message: z.string() }).nullable(),
  accepted: z.number(),
  duplicate: z.number(),
  refused: z.number(),
}) satisfies z.ZodType<SourceActivity>;
const countersSchema = z.object({
  sources: z.record(z.string(), sourceActivitySchema),
  /** When each listener last took an event. */
  listeners: z.record(z.string(), z.number()),
});

export interface ActivityCounters {
  noteAccepted(source: string, duplicate: boolean, atMs: number): void;
  noteRefused(source: string, code: string, message: string, atMs: number): void;
  noteMatched(listener: string, atMs: number): void;
  ofSource(source: string): SourceActivity;
  lastMatchedAtMs(listener: string): number | null;
  /** Whether anything was noted since the last call. */
  takeChanged(): { sources: boolean; listeners: boolean };
  stop(): Promise<void>;
}

const key = 'activity';
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
export function openActivityCounters(db: ReadableDb, writer: Writer, log: Logger): ActivityCounters {
  const book = load(db);
  const sources = new Map(Object.entries(book.sources));
  const listeners = new Map(Object.entries(book.listeners));
  let isDirty = false;
  let changed = { sources: false, listeners: false };

  function source(slug: string): SourceActivity {
    changed.sources = true;
    isDirty = true;
    const known = sources.get(slug);
    if (known !== undefined) return known;
    const fresh = nothingYet();
    sources.set(slug, fresh);
    return fresh;
  }

  async function save(): Promise<void> {
    if (!isDirty) return;
    isDirty = false;
    const text = JSON.stringify({ sources: Object.fromEntries(sources), listeners: Object.fromEntries(listeners) });
    await writer.write(({ db: handle }) => writeMeta(handle, key, text));
  }

  const timer = setInterval(() => {
    save().catch((error: unknown) => log.warn({ err: error }, 'the counters of sources could not be saved'));
  }, saveEveryMs);
  timer.unref();

  return {
    noteAccepted(slug, duplicate, atMs) {
      const activity = source(slug);
      activity.lastDeliveryAtMs = atMs;
      if (duplicate) activity.duplicate += 1;
      else activity.accepted += 1;
    },
    noteRefused(slug, code, message, atMs) {
      const activity = source(slug);
      activity.refused += 1;
      activity.lastRefusal = { atMs, code, message };
    },
    noteMatched(slug, atMs) {
      listeners.set(slug, atMs);
      changed.listeners = true;
      isDirty = true;
    },
    ofSource: (slug) => sources.get(slug) ?? nothingYet(),
    lastMatchedAtMs: (slug) => listeners.get(slug) ?? null,
    takeChanged() {
      const taken = changed;
      changed = { sources: false, listeners: false };
      return taken;
    },
    async stop() {
      clearInterval(timer);
      await save();
    },
  };
}

function load(db: ReadableDb): z.infer<typeof countersSchema> {
  const text = readMeta(db, key);
  try {
    if (text !== null) return countersSchema.parse(JSON.parse(text));
  } catch {
    // Damaged: counting starts afresh.
  }
  return { sources: {}, listeners: {} };
}
