import { z } from 'zod';
import { call } from './call.ts';
import { slugSchema, timeSchema } from './common.ts';
import { listenerSpecSchema } from './listeners.ts';

const count = z.number().int();

export const backtestSampleSchema = z.object({
  id: z.string(),
  type: z.string(),
  source: z.string(),
  receivedAt: timeSchema,
});
export type BacktestSample = z.infer<typeof backtestSampleSchema>;

export const backtestCalls = {
  /**
   * Runs a definition over stored events, newest first, and compares it with the saved one. A call works for about
   * 30 ms: while `cursor` is not null, the same call with it goes on, and counts add up.
   */
  'listeners.backtest': call(
    z.strictObject({
      listener: listenerSpecSchema.omit({ slug: true, job: true }).extend({ slug: slugSchema.optional() }),
      /** Only events received since then; absent: all. */
      after: timeSchema.optional(),
      cursor: z.string().max(200).nullish(),
    }),
    z.object({
      /** Events whose source and type one of the two definitions takes. */
      tested: count,
      /** By the definition that was passed in. */
      matched: count,
      /** Of those, not matched by the saved definition. */
      added: count,
      /** Matched by the saved definition, and not by the one that was passed in. */
      lost: count,
      /** Damaged in the store; they count as matched by neither. */
      unreadable: count,
      /** The newest of this call, at most 5 of a kind. */
      samples: z.object({
        kept: z.array(backtestSampleSchema),
        added: z.array(backtestSampleSchema),
        lost: z.array(backtestSampleSchema),
      }),
      /** How much of the time window is done, from 0 to 1. */
      progress: z.number().min(0).max(1),
      /** Everything received since then is done; null when there are no events. */
      scannedTo: timeSchema.nullable(),
      cursor: z.string().nullable(),
    }),
  ),
};
