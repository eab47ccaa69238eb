import { z } from 'zod';
import { call } from './call.ts';
import { slugSchema, timeSchema } from './common.ts';

const count = z.number().int();

export const jsonTypes = ['string', 'number', 'boolean', 'null', 'object', 'list'] as const;
export type JsonType = (typeof jsonTypes)[number];

export const seenFieldSchema = z.object({
  /** As conditions write it: without the indexes of lists. */
  path: z.string(),
  /** Events of the sample that have it. */
  count,
  /** Of the newest events of the sample. */
  recent: count,
  /** Events in which it had a value of this type, most first. */
  types: z.array(z.object({ type: z.enum(jsonTypes), count })),
  /** JSON types in the newest events. */
  recentTypes: z.array(z.enum(jsonTypes)),
  /** Up to 3 texts or JSON values, cut at 60 characters. */
  examples: z.array(z.string()),
  firstAt: timeSchema,
  lastAt: timeSchema,
});
export type SeenField = z.infer<typeof seenFieldSchema>;

export const typeSchemaSchema = z.object({
  /** How many events were looked at: the newest, and some spread over the time before. */
  sampled: count,
  /** How many of those are the newest ones. */
  recent: count,
  oldestAt: timeSchema.nullable(),
  newestAt: timeSchema.nullable(),
  /** By path; at most 1,000. */
  fields: z.array(seenFieldSchema),
  /** There are more fields. */
  isCut: z.boolean(),
});
export type TypeSchema = z.infer<typeof typeSchemaSchema>;

export const typeSchemaCalls = {
  /** Which fields stored events have, from a sample of at most 400 of them. */
  'events.schema': call(
    z.strictObject({
      /** Absent or null: every source. */
      source: slugSchema.nullish(),
      /** Type patterns, as a listener has them; absent or empty: every type. */
      type: z.array(z.string().min(1).max(300)).max(100).optional(),
    }),
    typeSchemaSchema,
  ),
};
