import { z } from 'zod';
import { conditionTreeSchema } from '../conditions/schema.ts';
import { listenerBatchSchema } from './batches.ts';
import { call } from './call.ts';
import { type Json, jsonSchema, nameSchema, ownerSchema, slugSchema, timeSchema } from './common.ts';
import { durationSchema } from './duration.ts';

const typesSchema = z
  .union([z.string().min(1).max(300), z.array(z.string().min(1).max(300)).max(100)])
  .transform((types) => (typeof types === 'string' ? [types] : types));

/**
 * `notify` starts a job beside the answer; `enrich` answers the sender with what the job decides; `shadow` starts nothing
 * and records what it would have run.
 */
export const listenerModes = ['notify', 'enrich', 'shadow'] as const;
export const listenerModeSchema = z.enum(listenerModes);
export type ListenerMode = z.infer<typeof listenerModeSchema>;

/**
 * Which later completed runs of a listener deal with its failed runs. A retry that completes always does; `context`: a run
 * whose event has the same context; `any`: the next run.
 */
export const listenerResolves = ['retry', 'context', 'any'] as const;
export const listenerResolvesSchema = z.enum(listenerResolves);
export type ListenerResolves = z.infer<typeof listenerResolvesSchema>;

/** What a listener has where its definition says nothing. */
export const listenerDefaults: {
  mode: 'notify';
  deadline: string;
  fallback: Json;
  priority: number;
  approval: 'none';
  resolves: 'retry';
} = {
  mode: 'notify',
  deadline: '3s',
  fallback: { action: 'allow' },
  priority: 0,
  approval: 'none',
  resolves: 'retry',
};

/** A filter in a vendor's own terms (shared/conditions/vendor-filters/vendor-filter.ts says what they mean). */
export const vendorFilterSchema = z.union([
  z.strictObject({
    flatfile: jsonSchema,
    /** Topic patterns as the vendor's listener takes them; `type` is the listener's own, with rules of ours. */
    topic: z.union([z.string(), z.array(z.string())]).optional(),
  }),
  z.strictObject({ revoengine: jsonSchema }),
]);

/** What a person writes about a listener. `where` is a condition tree or the short form; absent means always. */
export const listenerSpecSchema = z.strictObject({
  slug: slugSchema,
  name: nameSchema.optional(),
  /** Absent: every source. */
  source: slugSchema.nullish(),
  /** Absent or empty: every type. */
  type: typesSchema.optional(),
  where: jsonSchema.optional(),
  /** `{flatfile: {…}, topic?}` or `{revoengine: {…}}` instead of `where`. */
  filter: jsonSchema.optional(),
  job: slugSchema,
  mode: listenerModeSchema.optional(),
  /** For `enrich`: how long the sender waits at most, counted from the arrival of its request. */
  deadline: durationSchema(50, 60_000).optional(),
  /** For `enrich`: the decision when the job fails or is late. */
  fallback: jsonSchema.optional(),
  /** For `enrich`: of several that take an event the highest answers; among equals the first by slug. */
  priority: z.number().int().min(-1000).max(1000).optional(),
  /** `required`: its runs wait for an operator's approval even where their job does not ask for it. */
  approval: z.enum(['required', 'none']).optional(),
  /** Which later completed runs resolve its failures: `retry` (the default), `context` or `any`. */
  resolves: listenerResolvesSchema.optional(),
  /** One run for several events, in place of one each. Not with `enrich`: no sender waits that long. */
  batch: listenerBatchSchema.optional(),
});
export type ListenerSpec = z.infer<typeof listenerSpecSchema>;

export const listenerStates = ['active', 'disabled', 'deleted'] as const;
export const listenerStateSchema = z.enum(listenerStates);
export type ListenerState = z.infer<typeof listenerStateSchema>;

export const listenerSchema = z.object({
  slug: slugSchema,
  name: nameSchema,
  source: slugSchema.nullable(),
  type: z.array(z.string()),
  where: conditionTreeSchema,
  /** What `where` was made of, as it was written; absent when the conditions are our own. */
  filter: vendorFilterSchema.optional(),
  job: slugSchema,
  mode: listenerModeSchema,
  deadline: z.string(),
  fallback: jsonSchema,
  priority: z.number().int(),
  approval: z.enum(['required', 'none']),
  resolves: listenerResolvesSchema,
  /** Absent: each event gets its own run. */
  batch: listenerBatchSchema.optional(),
  state: listenerStateSchema,
  version: z.number().int(),
  owner: ownerSchema,
  createdAt: timeSchema,
  updatedAt: timeSchema,
  /** Why it cannot start runs, such as a job that is gone; null when all is well. */
  problem: z.string().nullable(),
  lastMatchedAt: timeSchema.nullable(),
});
export type Listener = z.infer<typeof listenerSchema>;

/** One clause of a verdict, with the value that was seen. */
export interface ClauseVerdict {
  /** `mode`: of several listeners that would answer the request only one does. */
  kind: 'all' | 'any' | 'not' | 'leaf' | 'source' | 'type' | 'state' | 'mode';
  passed: boolean;
  /** One line for people, e.g. `payload.amount gt 100`. */
  text: string;
  field?: string | undefined;
  op?: string | undefined;
  expected?: unknown;
  /** `present` is false when the event has no such field. */
  seen?: { present: boolean; value?: unknown } | undefined;
  /** The texts read alike and are not equal. `kinds` e.g. `white space`; the texts have code points as `⟨U+00A0⟩`. */
  difference?: { text: string; wanted: string; seen: string } | undefined;
  children?: ClauseVerdict[] | undefined;
}

export const clauseVerdictSchema: z.ZodType<ClauseVerdict> = z.lazy(() =>
  z.object({
    kind: z.enum(['all', 'any', 'not', 'leaf', 'source', 'type', 'state', 'mode']),
    passed: z.boolean(),
    text: z.string(),
    field: z.string().optional(),
    op: z.string().optional(),
    expected: z.unknown().optional(),
    seen: z.object({ present: z.boolean(), value: z.unknown().optional() }).optional(),
    difference: z.object({ text: z.string(), wanted: z.string(), seen: z.string() }).optional(),
    children: z.array(clauseVerdictSchema).optional(),
  }),
);

export const verdictSchema = z.object({
  listener: z.string(),
  name: z.string(),
  state: listenerStateSchema,
  matched: z.boolean(),
  /** The listener is in shadow mode: a match is recorded and starts nothing. */
  shadow: z.boolean().optional(),
  /** How many clauses would have to change for it to match; 0 when it did. */
  distance: z.number().int(),
  clauses: z.array(clauseVerdictSchema),
});
export type Verdict = z.infer<typeof verdictSchema>;

const bySlug = z.strictObject({ slug: slugSchema });

export const listenerCalls = {
  /** Deleted listeners come only when asked for. */
  'listeners.list': call(
    z.strictObject({ includeDeleted: z.boolean().optional() }),
    z.object({ items: z.array(listenerSchema) }),
  ),
  'listeners.get': call(bySlug, listenerSchema),
  'listeners.versions': call(
    bySlug,
    z.object({
      items: z.array(
        z.object({
          version: z.number(),
          at: timeSchema,
          /** Null: the config file, or before names were kept. */
          savedBy: z.string().nullable().optional(),
          listener: listenerSchema,
        }),
      ),
    }),
  ),
  'listeners.create': call(
    listenerSpecSchema.extend({ state: z.enum(['active', 'disabled']).optional() }),
    listenerSchema,
  ),
  /** Replaces the definition; `version` is the one the editor started from. */
  'listeners.update': call(listenerSpecSchema.extend({ version: z.number().int() }), listenerSchema),
  /** `deleted` is soft; a deleted listener may only become `disabled`. */
  'listeners.setState': call(
    bySlug.extend({ state: listenerStateSchema, version: z.number().int().optional() }),
    listenerSchema,
  ),
  /** Every listener's verdict on a stored event: matches first, then the nearest miss. */
  'listeners.explain': call(z.strictObject({ eventId: z.string() }), z.object({ items: z.array(verdictSchema) })),
  /** What a listener in shadow mode would have run since its current version was saved. */
  'listeners.shadowMatches': call(
    bySlug.extend({ limit: z.number().int().min(1).max(500).optional() }),
    z.object({
      /** All of them, also those that are not listed. */
      matched: z.number().int(),
      /** When the current version was saved. */
      since: timeSchema,
      lastAt: timeSchema.nullable(),
      /** The newest, 50 when `limit` is absent; of the latest 1,000 only. */
      items: z.array(z.object({ id: z.string(), type: z.string(), source: z.string(), receivedAt: timeSchema })),
    }),
  ),
  /** Tries a definition on stored events before it is saved. */
  'listeners.preview': call(
    z.strictObject({
      listener: listenerSpecSchema.omit({ slug: true, job: true }).extend({ slug: slugSchema.optional() }),
      /** One event to explain; without it, the latest events are tried. */
      eventId: z.string().optional(),
      limit: z.number().int().min(1).max(5000).optional(),
    }),
    z.object({
      tried: z.number().int(),
      matched: z.number().int(),
      /** At most 50, newest first. `nowMatches` / `didMatch` compare with the saved definition. */
      items: z.array(
        z.object({
          id: z.string(),
          type: z.string(),
          source: z.string(),
          receivedAt: timeSchema,
          nowMatches: z.boolean(),
          didMatch: z.boolean(),
        }),
      ),
      verdict: verdictSchema.nullable(),
    }),
  ),
};
