import { z } from 'zod';
import { call } from './call.ts';
import { okSchema, timeSchema } from './common.ts';

/** As the contract bounds what an operator says of a type. */
export const maxLocalDescriptionLength = 200;

const keyShape = {
  /** The event's `system`: the id of a preset, mostly. */
  system: z.string().min(1, 'must not be empty').max(120, 'must be at most 120 characters'),
  /** Exactly as the events have it. */
  type: z.string().min(1, 'must not be empty').max(200, 'must be at most 200 characters'),
};

/** What an operator says of an event type, beside what Signalbox knows of the vendors' types. */
export const localTypeSchema = z.object({
  ...keyShape,
  description: z.string(),
  addedAt: timeSchema,
});
export type LocalType = z.infer<typeof localTypeSchema>;

export const catalogCalls = {
  /** The operators' own types, by system and type; those that Signalbox brings are not among them. */
  'catalog.list': call(z.strictObject({}), z.object({ items: z.array(localTypeSchema) })),
  /** Once more for the same system and type changes the description; `addedAt` stays. */
  'catalog.add': call(
    z.strictObject({
      ...keyShape,
      description: z
        .string()
        .trim()
        .min(1, 'must not be empty')
        .max(maxLocalDescriptionLength, `must be at most ${maxLocalDescriptionLength} characters`),
    }),
    localTypeSchema,
  ),
  'catalog.remove': call(z.strictObject(keyShape), okSchema),
};
