import { z } from 'zod';
import { call } from './call.ts';
import { jsonSchema, nameSchema, okSchema, ownerSchema, settingJsonSchema, slugSchema, timeSchema } from './common.ts';
import { challengeSchema, responseSchema } from './source-answers.ts';

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export const rateLimitSchema = z.union([
  z.literal('off'),
  z.strictObject({ perSecond: z.number().positive().max(100_000), burst: z.number().int().min(1).max(1_000_000) }),
]);

export type RateLimit = z.infer<typeof rateLimitSchema>;

/** What a person writes about a source. `event` and `verify` are checked by the preset's own schema. */
export const sourceSpecSchema = z.strictObject({
  slug: slugSchema,
  name: nameSchema.optional(),
  preset: z.string().min(1).max(60),
  enabled: z.boolean().optional(),
  methods: z.array(z.enum(methods)).min(1).optional(),
  /** Status of the answer to an accepted delivery; the preset's own when absent. */
  answerStatus: z.number().int().min(200).max(299).optional(),
  /** The whole answer; its `status` goes before `answerStatus`. */
  response: responseSchema.optional(),
  /** In addition to what the preset answers. */
  challenge: challengeSchema.optional(),
  maxBodyBytes: z
    .number()
    .int()
    .min(1)
    .max(64 * 1024 * 1024)
    .optional(),
  /** Of deliveries that passed verification (all where there is none); the preset's own when absent. */
  rateLimit: rateLimitSchema.optional(),
  /** Fields of a form whose text is JSON, such as Plex's `payload` or Mandrill's `mandrill_events`. */
  parseFields: z
    .array(z.string().min(1, 'must not be empty').max(100, 'must be at most 100 characters'))
    .max(50, 'must be at most 50 names')
    .optional(),
  event: z.record(z.string(), settingJsonSchema).optional(),
  verify: z.record(z.string(), settingJsonSchema).optional(),
});
export type SourceSpec = z.infer<typeof sourceSpecSchema>;

export const sourceSchema = sourceSpecSchema.required({ name: true, enabled: true }).extend({
  owner: ownerSchema,
  version: z.number().int(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  /** Address to give to the sender; null for the built-in source. */
  url: z.string().nullable(),
  /** Why it cannot accept deliveries, such as a secret that cannot be read; null when it can. */
  problem: z.string().nullable(),
  lastDeliveryAt: timeSchema.nullable(),
  lastRefusal: z.object({ at: timeSchema, code: z.string(), message: z.string() }).nullable(),
  counts: z.object({ accepted: z.number(), duplicate: z.number(), refused: z.number() }),
});
export type Source = z.infer<typeof sourceSchema>;

/** One setting of a preset, described so that the editor can draw a field for it. */
export const presetFieldSchema = z.object({
  /** Where the value goes in the spec, e.g. `event.type` or `verify.secret`. */
  path: z.string(),
  label: z.string(),
  kind: z.enum(['text', 'jsonpath', 'secret', 'choice', 'boolean', 'list', 'duration', 'number']),
  choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  /** An example of a value. */
  example: z.string().optional(),
  /** What holds while the field is empty. */
  defaultValue: z.string().optional(),
  help: z.string().optional(),
  required: z.boolean().optional(),
  /** Shown only while another setting has one of these values. */
  when: z.object({ path: z.string(), in: z.array(z.string()) }).optional(),
});
export type PresetField = z.infer<typeof presetFieldSchema>;

export const presetSchema = z.object({
  id: z.string(),
  label: z.string(),
  system: z.string(),
  description: z.string(),
  fields: z.array(presetFieldSchema),
  defaults: z.object({
    methods: z.array(z.enum(methods)),
    answerStatus: z.number(),
    rateLimit: rateLimitSchema,
    event: z.record(z.string(), jsonSchema),
    verify: z.record(z.string(), jsonSchema),
  }),
  /** The largest body that its sources take where they set no limit of their own. */
  maxBodyBytes: z.number().int(),
  /** A body to start a test delivery from. */
  sample: z.object({ contentType: z.string(), body: z.string() }),
});
export type PresetInfo = z.infer<typeof presetSchema>;

const bySlug = z.strictObject({ slug: slugSchema });

export const sourceCalls = {
  'sources.list': call(z.strictObject({}), z.object({ items: z.array(sourceSchema) })),
  'sources.get': call(bySlug, sourceSchema),
  'sources.presets': call(z.strictObject({}), z.object({ items: z.array(presetSchema) })),
  'sources.create': call(sourceSpecSchema, sourceSchema),
  /** Replaces the definition; `version` is the one the editor started from. */
  'sources.update': call(sourceSpecSchema.extend({ version: z.number().int() }), sourceSchema),
  'sources.setEnabled': call(bySlug.extend({ enabled: z.boolean() }), sourceSchema),
  'sources.remove': call(bySlug, okSchema),
  /**
   * Agrees to a subscription that Amazon SNS asked about in this delivery. Only addresses of Amazon are asked, and only
   * when an operator says so. Gives the ARN of the subscription.
   */
  'sources.confirmSubscription': call(
    z.strictObject({ deliveryId: z.string() }),
    z.object({ subscriptionArn: z.string() }),
  ),
  /** Posts a signed test delivery through the real receiver and returns its answer. */
  'sources.sendTest': call(
    bySlug.extend({
      body: z.string().max(1024 * 1024),
      contentType: z.string().max(200).optional(),
      headers: z.record(z.string(), z.string()).optional(),
      sign: z.boolean().optional(),
    }),
    z.object({
      status: z.number(),
      body: z.string(),
      deliveryId: z.string().nullable(),
      eventIds: z.array(z.string()),
      /**
       * `not_needed`: the source accepts deliveries without proof. `impossible`: its sender proves itself in a way that
       * Signalbox cannot, such as with a key of its own. `off`: `sign` was false.
       */
      signing: z.enum(['signed', 'not_needed', 'impossible', 'off']),
    }),
  ),
};
