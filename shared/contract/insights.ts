import { z } from 'zod';
import { call } from './call.ts';
import { slugSchema, timeSchema } from './common.ts';
import { hoursSchema, percentilesSchema, sourceRhythmSchema } from './statistics.ts';

const count = z.number().int();

const growthSchema = z.object({
  /** Of the last seven days; null while there are too few readings to tell. */
  bytesPerDay: count.nullable(),
  /** When deliveries will be refused for want of room on the disk; null when it levels off before, or never. */
  fullAt: timeSchema.nullable(),
  /** When retention will remove as much as comes in, and the size of the database then; null when the disk is full before. */
  levelsOffAt: timeSchema.nullable(),
  levelsOffBytes: count.nullable(),
});
export type Growth = z.infer<typeof growthSchema>;

/** In milliseconds; read from counts in classes, so exact to the class. */
const answerMsSchema = z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable();

const readingsSchema = z.object({
  /** Of the first reading in the period. */
  from: timeSchema,
  /** Deliveries answered, and how long it took from their first byte to the answer; null without any. */
  answered: count,
  answerMs: answerMsSchema,
  /** Now: runs that wait and run, bytes of the database and free on its disk. */
  waiting: count,
  running: count,
  databaseBytes: count,
  freeBytes: count.nullable(),
  /** Oldest first. Of each stretch of time the longest queue and the last size. Idle stretches are left out. */
  points: z.array(
    z.object({
      at: timeSchema,
      answered: count,
      answerMs: answerMsSchema,
      waiting: count,
      running: count,
      databaseBytes: count,
      freeBytes: count.nullable(),
    }),
  ),
  growth: growthSchema,
});
export type Readings = z.infer<typeof readingsSchema>;

const runRankingSchema = z.object({
  /** Runs queued since; later than what was asked for when `isCut`. */
  from: timeSchema,
  /** Runs looked at for the slowest jobs, the latest first. */
  runs: count,
  isCut: z.boolean(),
  /** The ten with most failed runs, of the latest 10,000 failed ones at most. Without a listener: started by an operator. */
  failing: z.array(z.object({ listener: z.string().nullable(), job: z.string(), failed: count })),
  /** The ten with the longest 95th percentile of duration. */
  slow: z.array(z.object({ job: z.string(), runs: count, durationMs: percentilesSchema, waitMs: percentilesSchema })),
});
export type RunRanking = z.infer<typeof runRankingSchema>;

const hours = z.strictObject({ hours: hoursSchema });

export const insightCalls = {
  /** How fast the app answered, how long its queue was and how large it is, from readings every five minutes. */
  'insights.readings': call(hours, readingsSchema),
  /** Which listeners fail most, and which jobs are slowest. */
  'insights.runs': call(hours, runRankingSchema),
  /** How often each source delivers, and which have gone silent. */
  'insights.sources': call(
    z.strictObject({}),
    z.object({ items: z.array(z.object({ slug: slugSchema, rhythm: sourceRhythmSchema })) }),
  ),
};
