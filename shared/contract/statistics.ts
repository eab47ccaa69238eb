import { z } from 'zod';
import { call } from './call.ts';
import { listInputSchema, slugSchema, timeSchema } from './common.ts';

/**
 * How many rows of a list lie in each stretch of time, newest first. The range is that of the query's `after:` and
 * `before:`; without them it begins with the oldest row and ends now. Counting goes on for about 30 ms a call: while
 * `cursor` is not null, the same call with it gives further counts, and counts of the same bucket add up.
 */
const histogramInputSchema = listInputSchema.pick({ query: true, cursor: true }).extend({
  /** Maximum number of buckets; their width is the smallest of a fixed list that keeps to it. */
  buckets: z.number().int().min(1).max(400).optional(),
});

const histogramSchema = <Counts extends z.ZodRawShape>(counts: Counts) =>
  z.object({
    from: timeSchema,
    /** Excluded. */
    to: timeSchema,
    bucketMs: z.number().int(),
    /** Empty ones are left out. */
    buckets: z.array(z.object({ at: timeSchema, ...counts })),
    cursor: z.string().nullable(),
  });

const count = z.number().int();

const eventHistogramSchema = histogramSchema({
  /** Events, those below included. */
  total: count,
  /** No listener matched. */
  ignored: count,
  /** A run of the event is failed. */
  failed: count,
  /** Deliveries refused in this time; counted only when the query asks for sources and times alone, as they have no event. */
  refused: count,
});

const runHistogramSchema = histogramSchema({ total: count, completed: count, failed: count, canceled: count });

export const percentilesSchema = z.object({ p50: count, p95: count, p99: count }).nullable();

const runStatisticsSchema = z.object({
  /** Start of the period; later than requested if `isCut`. */
  from: timeSchema,
  runs: count,
  /** There were too many runs to read: only the latest are counted. */
  isCut: z.boolean(),
  completed: count,
  failed: count,
  canceled: count,
  /** Of the last attempt of completed and failed runs; null without any. */
  durationMs: percentilesSchema,
  /** From queued to started, of runs at their first attempt. */
  waitMs: percentilesSchema,
});
export type RunStatistics = z.infer<typeof runStatisticsSchema>;

export const hoursSchema = z
  .number()
  .int()
  .min(1)
  .max(24 * 366);

const deliveryHistogramSchema = histogramSchema({
  total: count,
  accepted: count,
  /** Repeats of a delivery that was accepted before. */
  duplicate: count,
  refused: count,
  /** Requests that only checked the address. */
  tried: count,
});

export const sourceRhythmSchema = z.object({
  lastAt: timeSchema.nullable(),
  /** Median interval of the latest 200 deliveries; null while there are fewer than six. */
  usualIntervalMs: count.nullable(),
  /** Nothing came for three times the 95th percentile of those intervals, and for at least five minutes. */
  isSilent: z.boolean(),
});
export type SourceRhythm = z.infer<typeof sourceRhythmSchema>;

const sourceStatisticsSchema = z.object({
  from: timeSchema,
  total: count,
  accepted: count,
  duplicate: count,
  refused: count,
  tried: count,
  /** Of the refused deliveries that are kept, the most frequent first; the message is that of the latest. */
  reasons: z.array(z.object({ code: z.string(), message: z.string(), count })),
  /** Of the events of the latest 500 deliveries at most: how many, and how many of those were verified. */
  verification: z.object({ events: count, verified: count }),
  rhythm: sourceRhythmSchema,
});
export type SourceStatistics = z.infer<typeof sourceStatisticsSchema>;

const listenerHistogramSchema = histogramSchema({
  /** Events that the listener can match by source and type, those it matched included. */
  total: count,
  matched: count,
});

const clauseSampleSchema = z.object({
  /** Of the oldest event looked at; of the period when `isCut` is false. */
  from: timeSchema,
  /** Events evaluated: the latest that the listener can match by source and type, at most about 2,000. */
  events: count,
  /** By the definition of now. */
  matched: count,
  /** There are more events in this period. */
  isCut: z.boolean(),
  /** The children of the outermost `all` in their order; any other condition is one clause. */
  clauses: z.array(
    z.object({
      /** Events on which the clause is false, and those on which no other is. */
      failed: count,
      alone: count,
      /** The latest event on which it is false. */
      eventId: z.string().nullable(),
    }),
  ),
});
export type ClauseSample = z.infer<typeof clauseSampleSchema>;

export const statisticsCalls = {
  'events.histogram': call(histogramInputSchema, eventHistogramSchema),
  'runs.histogram': call(histogramInputSchema, runHistogramSchema),
  /** Statistics of a job's runs in the last hours, for all listeners or for one. */
  'runs.statistics': call(
    z.strictObject({
      job: slugSchema,
      listener: slugSchema.optional(),
      hours: hoursSchema,
    }),
    runStatisticsSchema,
  ),
  /** The deliveries of a source; of the query only its times count. */
  'deliveries.histogram': call(histogramInputSchema.extend({ source: slugSchema }), deliveryHistogramSchema),
  /** What a source received in the last hours, and how often it delivers. */
  'sources.statistics': call(z.strictObject({ slug: slugSchema, hours: hoursSchema }), sourceStatisticsSchema),
  /** The events that a listener matched; of the query only its times count. */
  'listeners.histogram': call(histogramInputSchema.extend({ slug: slugSchema }), listenerHistogramSchema),
  /** Which clauses of a listener the latest events fail on. */
  'listeners.statistics': call(z.strictObject({ slug: slugSchema, hours: hoursSchema }), clauseSampleSchema),
};
