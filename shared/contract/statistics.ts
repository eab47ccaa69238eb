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

const percentilesSchema = z.object({ p50: count, p95: count, p99: count }).nullable();

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

export const statisticsCalls = {
  'events.histogram': call(histogramInputSchema, eventHistogramSchema),
  'runs.histogram': call(histogramInputSchema, runHistogramSchema),
  /** Statistics of a job's runs in the last hours, for all listeners or for one. */
  'runs.statistics': call(
    z.strictObject({
      job: slugSchema,
      listener: slugSchema.optional(),
      hours: z
        .number()
        .int()
        .min(1)
        .max(24 * 366),
    }),
    runStatisticsSchema,
  ),
};
