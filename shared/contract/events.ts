import { z } from 'zod';
import { call } from './call.ts';
import { jsonSchema, listInputSchema, pageSchema, slugSchema, timeSchema } from './common.ts';
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
});
export type Answer = z.infer<typeof answerSchema>;

export const eventDetailSchema = eventSchema.extend({
  answer: answerSchema.nullable(),
  /** With the notes on what was repaired or assumed to read it. */
  delivery: deliverySchema.nullable(),
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
  startedAt: timeSchema,
  finishedAt: timeSchema.nullable(),
  error: z.string().nullable(),
});
export type Replay = z.infer<typeof replaySchema>;

export const eventCalls = {
  'events.list': call(listInputSchema, pageSchema(eventSchema)),
  'events.get': call(z.strictObject({ id: z.string() }), eventDetailSchema),
  /** Distinct types seen, for pickers: newest first, at most 500. */
  'events.types': call(
    z.strictObject({ source: slugSchema.optional() }),
    z.object({ items: z.array(z.object({ source: z.string(), system: z.string(), type: z.string() })) }),
  ),
  /**
   * Sends stored events through today's listeners again (only through `listeners` when given, whatever their type and
   * conditions say). `payload` replaces the payload, for one event only.
   */
  'events.replay': call(
    z.strictObject({
      ids: z.array(z.string()).min(1).max(500),
      payload: jsonSchema.optional(),
      listeners: z.array(slugSchema).min(1).optional(),
    }),
    z.object({ items: z.array(z.object({ id: z.string(), replayOf: z.string() })) }),
  ),
  /** Replays everything a query finds, oldest first, in the background; progress comes as `replays.changed`. */
  'replays.start': call(
    z.strictObject({
      query: z.string().max(2000),
      listeners: z.array(slugSchema).min(1).optional(),
      limit: z.number().int().min(1).max(100_000).optional(),
    }),
    replaySchema,
  ),
  'replays.list': call(z.strictObject({}), z.object({ items: z.array(replaySchema) })),
  'replays.cancel': call(z.strictObject({ id: z.string() }), replaySchema),
};
