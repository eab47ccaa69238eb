import { z } from 'zod';
import { call } from './call.ts';
import { nameSchema, okSchema, timeSchema } from './common.ts';
import { fieldPathSchema } from './field-path.ts';

/** Lists that have views. */
export const viewPages = ['live', 'runs'] as const;
export type ViewPage = (typeof viewPages)[number];

/** Columns of a list of events that are no path. */
export const namedColumns = [
  'time',
  'source',
  'type',
  'about',
  'runs',
  'verified',
  'id',
  'system',
  'externalId',
  'occurred',
] as const;
export type NamedColumn = (typeof namedColumns)[number];

const pathSchema = fieldPathSchema.refine((path) => /^(?:payload|context)(?:\.|$)/.test(path), {
  message: 'must begin with payload or context',
});

export const maxColumns = 20;

/** `field`: one of `namedColumns`, or a path below `payload` or `context`. `width` in pixels; absent: as usual. */
export const columnSchema = z.strictObject({
  field: z.union([z.enum(namedColumns), pathSchema], { error: 'must be a column or a path such as payload.id' }),
  width: z.number().int().min(40).max(1200).optional(),
});
export type Column = z.infer<typeof columnSchema>;

/** What events can be sorted and grouped by. */
export const keyFieldSchema = z.union([z.enum(['type', 'source', 'system']), pathSchema], {
  error: 'must be type, source, system or a path such as payload.id',
});

/** `descending`: highest first. */
export const sortSchema = z.strictObject({ by: keyFieldSchema, descending: z.boolean() });
export type Sort = z.infer<typeof sortSchema>;

const lookSchema = {
  page: z.enum(viewPages),
  name: nameSchema,
  query: z.string().max(2000, 'must be at most 2000 characters').trim(),
  /** Null: the usual ones. Of `live` alone, like sort and group. */
  columns: z.array(columnSchema).min(1).max(maxColumns).nullable(),
  /** Null: newest first. */
  sort: sortSchema.nullable(),
  group: keyFieldSchema.nullable(),
};

/** A list as operators saved it. All operators of an installation share the views. */
export const viewSchema = z.object({
  id: z.string(),
  ...lookSchema,
  savedAt: timeSchema,
  /** Name of the operator who saved it last. */
  savedBy: z.string().nullable(),
});
export type View = z.infer<typeof viewSchema>;

export const maxViews = 100;

export const viewCalls = {
  /** By page and name. */
  'views.list': call(z.strictObject({}), z.object({ items: z.array(viewSchema) })),
  /** Creates a view, or changes the one with this id; the id of a removed view restores it. */
  'views.save': call(z.strictObject({ id: z.string().min(1).max(60).optional(), ...lookSchema }), viewSchema),
  'views.remove': call(z.strictObject({ id: z.string() }), okSchema),
  /** How many events or runs each view finds: counted up to 1,000 and for a bounded time; `isMore`: at least so many. */
  'views.counts': call(
    z.strictObject({
      /** Count internal events also where the query does not name them. */
      internal: z.boolean().optional(),
    }),
    z.object({ items: z.array(z.object({ id: z.string(), count: z.number().int(), isMore: z.boolean() })) }),
  ),
};
