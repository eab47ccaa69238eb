import { z } from 'zod';
import { call } from './call.ts';
import { nameSchema, okSchema, ownerSchema, secretRefSchema, slugSchema, timeSchema } from './common.ts';
import { durationSchema } from './duration.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

const percentSchema = z.number().min(0, 'must be a percentage').max(100, 'must be a percentage');
const windowSchema = durationSchema(minuteMs, 7 * dayMs).optional();
/** Fewer deliveries or runs in the window say nothing of a rate. */
const minimumSchema = z.number().int().min(1).max(1_000_000).optional();
const bytesSchema = z
  .number()
  .int()
  .min(1)
  .max(2 ** 50);

export const alarmKinds = [
  'source_silent',
  'refusal_rate',
  'failure_rate',
  'queue_age',
  'disk_free',
  'store_growth',
] as const;
export type AlarmKind = (typeof alarmKinds)[number];

/** What raises an alarm. Without a source or job it watches each of them on its own. */
export const alarmConditionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('source_silent'),
    source: slugSchema.optional(),
    /** Longest interval between deliveries; absent: three times the longest usual interval, at least five minutes. */
    after: durationSchema(minuteMs, 366 * dayMs).optional(),
  }),
  z.strictObject({
    kind: z.literal('refusal_rate'),
    source: slugSchema.optional(),
    /** Percentage of deliveries. */
    above: percentSchema,
    window: windowSchema,
    minimum: minimumSchema,
  }),
  z.strictObject({
    kind: z.literal('failure_rate'),
    /** One of the two, or neither for every job. */
    job: slugSchema.optional(),
    listener: slugSchema.optional(),
    /** Percentage of completed and failed runs. */
    above: percentSchema,
    window: windowSchema,
    minimum: minimumSchema,
  }),
  z.strictObject({
    kind: z.literal('queue_age'),
    job: slugSchema.optional(),
    /** Longest time that a run may wait in its queue. */
    above: durationSchema(minuteMs, 30 * dayMs),
  }),
  z.strictObject({
    kind: z.literal('disk_free'),
    /** Free bytes on the disk of the data directory. */
    below: bytesSchema,
  }),
  z.strictObject({
    kind: z.literal('store_growth'),
    /** Bytes a day, over the last seven days. */
    above: bytesSchema,
  }),
]);
export type AlarmCondition = z.infer<typeof alarmConditionSchema>;
export type ConditionOf<K extends AlarmKind> = Extract<AlarmCondition, { kind: K }>;

export const alarmChannelSchema = z.discriminatedUnion('via', [
  /** Desktop apps that show this server. */
  z.strictObject({ via: z.literal('desktop') }),
  /** A POST in the format of Slack's incoming webhooks. The address is often a secret itself. */
  z.strictObject({
    via: z.literal('webhook'),
    url: z.union([z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(2000), secretRefSchema]),
    allowPrivate: z.boolean().optional(),
  }),
  z.strictObject({
    via: z.literal('email'),
    to: z
      .array(z.email('must be an e-mail address').max(254))
      .min(1, 'must name a recipient')
      .max(20, 'must be at most 20 recipients'),
  }),
]);
export type AlarmChannel = z.infer<typeof alarmChannelSchema>;

const channelsSchema = z.array(alarmChannelSchema).max(10, 'must be at most 10 channels');

/** What a person writes about an alarm. It appears in the inbox in any case. */
export const alarmSpecSchema = z.strictObject({
  slug: slugSchema,
  name: nameSchema.optional(),
  enabled: z.boolean().optional(),
  when: alarmConditionSchema,
  notify: channelsSchema.optional(),
  /** Time between reminders while it lasts. */
  repeat: z.union([z.literal('never'), durationSchema(5 * minuteMs, 30 * dayMs)]).optional(),
  /** Whether a message is sent when it recovers. */
  recovery: z.boolean().optional(),
});
export type AlarmSpec = z.infer<typeof alarmSpecSchema>;

/** What holds where a definition says nothing. */
export const alarmDefaults = { window: '1h', minimum: 5, repeat: '4h', recovery: true } as const;

export const alarmSchema = alarmSpecSchema.required({ name: true, enabled: true, notify: true }).extend({
  owner: ownerSchema,
  version: z.number().int(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  /** Why it cannot be evaluated or cannot notify, such as a source that is gone; null when all is well. */
  problem: z.string().nullable(),
  /** Sources, jobs or listeners for which it is raised now; 1 for the disk and the store. */
  raised: z.number().int(),
  lastRaisedAt: timeSchema.nullable(),
});
export type Alarm = z.infer<typeof alarmSchema>;

/** What an alarm is about; null: the app itself. */
export const alarmSubjectSchema = z
  .object({ kind: z.enum(['source', 'job', 'listener']), slug: slugSchema })
  .nullable();
export type AlarmSubject = z.infer<typeof alarmSubjectSchema>;

/** One time an alarm was raised, until it recovered. */
export const alarmIncidentSchema = z.object({
  id: z.string(),
  alarm: slugSchema,
  /** Name of the alarm. */
  name: z.string(),
  subject: alarmSubjectSchema,
  /** What is wrong, or was when it was raised last. */
  message: z.string(),
  raisedAt: timeSchema,
  /** Null: it lasts. */
  recoveredAt: timeSchema.nullable(),
  /** How often it was raised before it was acknowledged. */
  times: z.number().int(),
  isInInbox: z.boolean(),
  acknowledgedAt: timeSchema.nullable(),
  acknowledgedBy: z.string().nullable(),
  /** Out of the inbox and silent until then. */
  snoozedUntil: timeSchema.nullable(),
  /** Why the latest message could not be sent. */
  problem: z.string().nullable(),
  /** Page of what it is about, as the window's own addresses have it. */
  path: z.string(),
});
export type AlarmIncident = z.infer<typeof alarmIncidentSchema>;

const bySlug = z.strictObject({ slug: slugSchema });
const ids = z.array(z.string().max(64)).min(1).max(500);
const incidents = z.object({ items: z.array(alarmIncidentSchema) });

export const alarmCalls = {
  'alarms.list': call(z.strictObject({}), z.object({ items: z.array(alarmSchema) })),
  'alarms.get': call(bySlug, alarmSchema),
  /** Newest first; those of a deleted alarm are kept. */
  'alarms.versions': call(
    bySlug,
    z.object({
      items: z.array(
        z.object({
          version: z.number().int(),
          at: timeSchema,
          /** Null: the config file. */
          savedBy: z.string().nullable(),
          spec: alarmSpecSchema,
        }),
      ),
    }),
  ),
  'alarms.create': call(alarmSpecSchema, alarmSchema),
  /** Replaces the definition; `version` is the one the editor started from. */
  'alarms.update': call(alarmSpecSchema.extend({ version: z.number().int() }), alarmSchema),
  'alarms.setEnabled': call(bySlug.extend({ enabled: z.boolean() }), alarmSchema),
  'alarms.remove': call(bySlug, okSchema),
  /** What a condition says now, without saving it. */
  'alarms.preview': call(
    z.strictObject({ when: alarmConditionSchema }),
    z.object({
      items: z.array(z.object({ subject: alarmSubjectSchema, isRaised: z.boolean(), message: z.string() })),
    }),
  ),
  /** Sends a test notification to each channel and says what went wrong; `problem` null: it was accepted. */
  'alarms.test': call(
    z.strictObject({ name: nameSchema.optional(), notify: channelsSchema.min(1, 'must have a channel') }),
    z.object({
      items: z.array(z.object({ via: z.enum(['desktop', 'webhook', 'email']), problem: z.string().nullable() })),
    }),
  ),
  /** Newest first: those in the inbox, or of one alarm. */
  'alarms.incidents': call(
    z.strictObject({
      alarm: slugSchema.optional(),
      inbox: z.boolean().optional(),
      limit: z.number().int().min(1).max(500).optional(),
    }),
    incidents,
  ),
  'alarms.acknowledge': call(z.strictObject({ ids }), incidents),
  'alarms.unacknowledge': call(z.strictObject({ ids }), incidents),
  /** Out of the inbox and silent until then; null ends it. */
  'alarms.snooze': call(z.strictObject({ ids, until: timeSchema.nullable() }), incidents),
};
