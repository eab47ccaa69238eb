import { z } from 'zod';
import { call } from './call.ts';
import { timeSchema } from './common.ts';
import { eventSchema } from './events.ts';
import { keyFieldSchema } from './views.ts';

const keySchema = z.union([z.string(), z.number(), z.boolean(), z.null()]).optional();

const pieceInput = z.strictObject({
  query: z.string().max(2000, 'must be at most 2000 characters').trim().optional(),
  /** What is compared: the first value at the path. */
  by: keyFieldSchema,
  cursor: z.string().max(200).nullish(),
});

const pieceOutput = z.object({
  /** Matching events in this piece. */
  events: z.number().int(),
  nextCursor: z.string().nullable(),
  scannedTo: timeSchema.nullable().optional(),
});

export const rankedMost = 500;

export const eventOrderCalls = {
  /**
   * The highest or lowest of the matching events, newest piece first. Each call reads for a bounded time and gives the first
   * 500 of its piece; whoever merges the pieces has the order over all of them. `key` is absent where the field is missing.
   */
  'events.rank': call(
    pieceInput.extend({ descending: z.boolean() }),
    pieceOutput.extend({ items: z.array(z.object({ key: keySchema, event: eventSchema })) }),
  ),
  /** How many matching events have each value, in the same way piece by piece. */
  'events.group': call(
    pieceInput,
    pieceOutput.extend({
      groups: z.array(
        z.object({ key: keySchema, count: z.number().int(), newestAt: timeSchema, newestId: z.string() }),
      ),
    }),
  ),
};
