import { z } from 'zod';
import { call } from './call.ts';
import { jsonSchema, listInputSchema, pageSchema, slugSchema, timeSchema, unreadableSchema } from './common.ts';
import { deliverySchema } from './deliveries.ts';
import { runStateSchema } from './runs.ts';

export const verificationSchema = z.object({
  /** `verified`: the sender proved itself. `none`: this source asks for no proof. `internal`: raised here. */
  state: z.enum(['verified', 'none', 'internal']),
  scheme: z.string().nullable(),
  detail: z.string().nullable(),
});
export type Verification = z.infer<typeof verificationSchema>;

export const eventRunSchema = z.object({
  id: z.string(),
  listener: z.string().nullable(),
  job: z.string(),
  state: runStateSchema,
});

export const eventSchema = z.object({
  id: z.string(),
  source: z.string(),
  system: z.string(),
  type: z.string(),
  externalId: z.string().nullable(),
  occurredAt: timeSchema.nullable(),
  receivedAt: timeSchema,
  context: jsonSchema,
  payload: jsonSchema,
  /** Set in lists and pushes when the payload was left out for its size; `events.get` has it. */
  payloadOmittedBytes: z.number().optional(),
  deliveryId: z.string().nullable(),
  verification: verificationSchema,
  replayOf: z.string().nullable(),
  causedBy: z.object({ runId: z.string(), depth: z.number().int() }).nullable(),
  /** No listener took it. */
  ignored: z.boolean(),
  /** Listeners would have taken it, but the chain of jobs behind it is too deep. */
  chainStopped: z.boolean(),
  runs: z.array(eventRunSchema),
  unreadable: unreadableSchema,
});
export type EventItem = z.infer<typeof eventSchema>;

/**
 * Why the fallback was answered: `invalid` is a decision that the sender's protocol has no words for; `approval`: the run
 * waits for an operator, which no sender can.
 */
export const answerReasonSchema = z.enum(['timeout', 'failed', 'canceled', 'queue', 'approval', 'no_run', 'invalid']);
export type AnswerReason = z.infer<typeof answerReasonSchema>;

/** What a sender was answered with because a listener enriches. */
export const answerSchema = z.object({
  listener: z.string(),
  runId: z.string().nullable(),
  decided: z.enum(['job', 'fallback']),
  reason: answerReasonSchema.nullable(),
  /** The reason for people. */
  message: z.string().nullable(),
  decision: jsonSchema,
  status: z.number().int(),
  contentType: z.string(),
  body: z.string(),
  /** Listeners that would have answered as well, had they come first. */
  passedOver: z.array(z.string()),
  at: timeSchema,
  unreadable: unreadableSchema,
});
export type Answer = z.infer<typeof answerSchema>;

export const eventDetailSchema = eventSchema.extend({
  answer: answerSchema.nullable(),
  /** With the notes on what was repaired or assumed to read it. */
  delivery: deliverySchema.nullable(),
  /** Listeners that gather it with others: their run is planned when `events` has reached `count`, or at `dueAt`. */
  gathering: z
    .array(
      z.object({ listener: z.string(), job: z.string(), events: z.number(), count: z.number(), dueAt: timeSchema }),
    )
    .optional(),
  lineage: z.object({
    replayOf: z.object({ id: z.string(), type: z.string(), receivedAt: timeSchema }).nullable(),
    replays: z.array(z.object({ id: z.string(), type: z.string(), receivedAt: timeSchema })),
    causedBy: z.object({ runId: z.string(), job: z.string(), eventId: z.string() }).nullable(),
    causes: z.array(z.object({ id: z.string(), type: z.string(), runId: z.string() })),
  }),
});
export type EventDetail = z.infer<typeof eventDetailSchema>;

export const replaySchema = z.object({
  id: z.string(),
  state: z.enum(['running', 'completed', 'canceled', 'failed']),
  done: z.number().int(),
  total: z.number().int().nullable(),
  /** Events a second at most; null: as fast as the store takes them. */
  perSecond: z.number().int().nullable(),
  startedAt: timeSchema,
  finishedAt: timeSchema.nullable(),
  error: z.string().nullable(),
});
export type Replay = z.infer<typeof replaySchema>;

/** Which listeners get a replayed event. */
const replayTargets = {
  /** Only these, whatever their type and conditions say; absent: those that match today. */
  listeners: z.array(slugSchema).min(1).optional(),
  /** Of those, only listeners whose last run for the event failed; an event without one is not replayed. */
  onlyFailed: z.boolean().optional(),
};
const replayQuerySchema = z.strictObject({
  query: z.string().max(2000).trim(),
  /** Of what the query finds, the newest; 10,000 when absent. */
  limit: z.number().int().min(1).max(100_000).optional(),
  ...replayTargets,
});

/** What a replay would do, worked out before it starts. */
export const replayPreviewSchema = z.object({
  /** Events that would be replayed, at most `limit`. */
  events: z.number().int(),
  /** The query finds more than `limit`. */
  isMore: z.boolean(),
  oldestAt: timeSchema.nullable(),
  newestAt: timeSchema.nullable(),
  /** Listeners were worked out for this many of the newest ones. */
  examined: z.number().int(),
  /** By number of events, most first. */
  listeners: z.array(z.object({ listener: slugSchema, job: slugSchema, events: z.number().int() })),
  /** Of those examined, taken by no listener. */
  unmatched: z.number().int(),
});
export type ReplayPreview = z.infer<typeof replayPreviewSchema>;

export const eventCalls = {
  'events.list': call(listInputSchema, pageSchema(eventSchema)),
  'events.get': call(z.strictObject({ id: z.string() }), eventDetailSchema),
  /** Distinct types seen, for pickers: newest first, at most 500. */
  'events.types': call(
    z.strictObject({ source: slugSchema.optional() }),
    z.object({ items: z.array(z.object({ source: z.string(), system: z.string(), type: z.string() })) }),
  ),
  /**
   * Sends stored events through today's listeners again. `payload` replaces the payload, for one event only.
   */
  'events.replay': call(
    z.strictObject({
      ids: z.array(z.string()).min(1).max(500),
      payload: jsonSchema.optional(),
      ...replayTargets,
    }),
    z.object({ items: z.array(z.object({ id: z.string(), replayOf: z.string() })) }),
  ),
  /** Replays everything a query finds, oldest first, in the background; progress comes as `replays.changed`. */
  'replays.start': call(
    replayQuerySchema.extend({
      /** Events a second at most; absent: as fast as the store takes them. */
      perSecond: z.number().int().min(1).max(10_000).optional(),
    }),
    replaySchema,
  ),
  'replays.preview': call(replayQuerySchema, replayPreviewSchema),
  'replays.list': call(z.strictObject({}), z.object({ items: z.array(replaySchema) })),
  'replays.cancel': call(z.strictObject({ id: z.string() }), replaySchema),
};
