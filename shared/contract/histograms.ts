import { z } from 'zod';
import { call } from './call.ts';
import { listInputSchema, timeSchema } from './common.ts';

/**
 * How many rows of a list lie in each stretch of time, newest first. The range is that of the query's `after:` and
 * `before:`; without them it begins with the oldest row and ends now. Counting goes on for about 30 ms a call: while
 * `cursor` is not null, the same call with it gives further counts, and counts of the same bucket add up.
 */
const histogramInputSchema = listInputSchema.pick({ query: true, cursor: true }).extend({
  /** At most so many buckets; their width is the smallest of a fixed list that fits. */
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

export const histogramCalls = {
  'events.histogram': call(histogramInputSchema, eventHistogramSchema),
  'runs.histogram': call(histogramInputSchema, runHistogramSchema),
};
