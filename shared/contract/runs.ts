import { z } from 'zod';
import { call } from './call.ts';
import {
  exactNumberSchema,
  jsonSchema,
  listInputSchema,
  pageSchema,
  slugSchema,
  timeSchema,
  unreadableSchema,
} from './common.ts';

/** `pending` waits for an operator's approval; `interaction_required` runs and waits for an operator's answer. */
export const runStates = [
  'pending',
  'scheduled',
  'queued',
  'running',
  'interaction_required',
  'completed',
  'failed',
  'canceled',
] as const;
export const runStateSchema = z.enum(runStates);
export type RunState = z.infer<typeof runStateSchema>;

/**
 * Why a run ended; each that has ended has one. `exit`: its process ended on its own, or its script returned: with
 * `completed` all went well, with `failed` the exit code was not 0. `signal`: a signal ended its process. `timeout`: it
 * took longer than its job allows. `limit`: it wrote more files than a run may, or a message to the app that is too large
 * or none. `spawn`: it could not be started. `interrupted`: the app ended under it. `canceled`: an operator ended it.
 * `queue`: as many waited already as its job allows. `outcome`: the job said it failed. `error`: a script threw.
 * `rejected`: an operator did not approve it. `expired`: it waited too long for its approval or in its queue.
 * `unanswered`: its question got no answer. `answer`: the address of an `http` job answered, but not with 2xx.
 * `connection`: it could not be reached, or did not answer.
 */
export const runReasons = [
  'exit',
  'signal',
  'timeout',
  'limit',
  'spawn',
  'interrupted',
  'canceled',
  'queue',
  'error',
  'outcome',
  'rejected',
  'expired',
  'unanswered',
  'answer',
  'connection',
] as const;
export const runReasonSchema = z.enum(runReasons);
export type RunReason = z.infer<typeof runReasonSchema>;

export const progressSchema = z.object({ percent: z.number().min(0).max(100).nullable(), message: z.string() });
export type Progress = z.infer<typeof progressSchema>;

/** A part of a run's plan. */
export const stepSchema = z.object({
  name: z.string(),
  state: z.enum(['waiting', 'running', 'completed', 'failed']),
  percent: z.number().min(0).max(100).nullable(),
});
export type Step = z.infer<typeof stepSchema>;

export const questionFieldSchema = z.object({
  /** The answer's key. */
  name: z.string(),
  /** `secret` is shown as dots, handed to the job and kept nowhere. */
  type: z.enum(['text', 'multiline', 'secret', 'number', 'boolean', 'choice']),
  label: z.string(),
  /** Of a `choice`. */
  options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  /** True unless the job says otherwise. */
  required: z.boolean(),
});
export type QuestionField = z.infer<typeof questionFieldSchema>;

/** What a running job wants to know from an operator. */
export const questionSchema = z.object({
  id: z.string(),
  /** The job's own word for it, such as `mfa`. */
  type: z.string(),
  message: z.string(),
  fields: z.array(questionFieldSchema),
  askedAt: timeSchema,
  expiresAt: timeSchema,
});
export type Question = z.infer<typeof questionSchema>;

export const attemptSchema = z.object({
  attempt: z.number().int(),
  state: runStateSchema,
  reason: runReasonSchema.nullable(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  error: z.string().nullable(),
  startedAt: timeSchema.nullable(),
  finishedAt: timeSchema.nullable(),
});
export type Attempt = z.infer<typeof attemptSchema>;

export const runSchema = z.object({
  id: z.string(),
  eventId: z.string(),
  eventType: z.string(),
  source: z.string(),
  /** Null for a test run. */
  listener: z.string().nullable(),
  job: z.string(),
  state: runStateSchema,
  /** Null until the first attempt has ended. Of a run that waits for its next attempt: why the last one failed. */
  reason: runReasonSchema.nullable(),
  /** One sentence on what went wrong. */
  error: z.string().nullable(),
  attempt: z.number().int(),
  attempts: z.number().int(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  progress: progressSchema.nullable(),
  /** The parts of its plan, where the job has said any. */
  steps: z.array(stepSchema).nullable(),
  /** The question that is open now. */
  question: questionSchema.nullable(),
  outcome: jsonSchema,
  /** When a scheduled run becomes due. */
  dueAt: timeSchema.nullable(),
  queuedAt: timeSchema,
  startedAt: timeSchema.nullable(),
  finishedAt: timeSchema.nullable(),
  /** When waiting for approval or in the queue ends in `expired`. */
  expiresAt: timeSchema.nullable(),
  /** Who approved or rejected it. */
  decidedBy: z.string().nullable(),
  decidedAt: timeSchema.nullable(),
  mode: z.enum(['foreground', 'background']),
  acknowledge: z.enum(['required', 'none']),
  /** Why it is in the inbox; null when it does not. */
  needsAttention: z.enum(['approval', 'question', 'acknowledgement']).nullable(),
  /** In the inbox because it ended: it failed or wants an acknowledgement, and is not acknowledged. */
  needsAcknowledgement: z.boolean(),
  acknowledgedAt: timeSchema.nullable(),
  acknowledgedBy: z.string().nullable(),
  note: z.string().nullable(),
  retryOf: z.string().nullable(),
  /** Of a failed run: the failure it was counted into. */
  failureId: z.string().optional(),
  unreadable: unreadableSchema,
});
export type Run = z.infer<typeof runSchema>;

export const annotationSchema = z.object({
  level: z.enum(['notice', 'warning', 'error']),
  text: z.string(),
  at: timeSchema,
});

export const runDetailSchema = runSchema.extend({
  /** Every attempt, oldest first, the current one last. */
  history: z.array(attemptSchema),
  /** What the job said with `::notice::`, `::warning::` and `::error::`. */
  annotations: z.array(annotationSchema),
  /** Everything it asked, oldest first. Secret values of an answer are `***`. */
  questions: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      message: z.string(),
      askedAt: timeSchema,
      result: z.enum(['open', 'answered', 'unanswered', 'canceled']),
      answer: jsonSchema,
      answeredBy: z.string().nullable(),
      answeredAt: timeSchema.nullable(),
    }),
  ),
  /** The runs made by retrying this one. */
  retriedBy: z.array(z.string()),
  /** Outcome events and other events this run caused. */
  causes: z.array(z.object({ id: z.string(), type: z.string() })),
  /** The events that it got together, oldest first, at most 500 of them; absent: it has one event. */
  batch: z
    .object({
      events: z.number().int(),
      items: z.array(z.object({ id: z.string(), type: z.string(), source: z.string(), receivedAt: timeSchema })),
    })
    .optional(),
});
export type RunDetail = z.infer<typeof runDetailSchema>;

export const outputLineSchema = z.object({
  stream: z.enum(['stdout', 'stderr', 'system']),
  text: z.string(),
  at: timeSchema,
});
export type OutputLine = z.infer<typeof outputLineSchema>;

const byId = z.strictObject({ id: z.string() });
const ids = z.array(z.string()).min(1).max(500);

const manySchema = z.object({
  items: z.array(runSchema),
  skipped: z.array(z.object({ id: z.string(), reason: z.string() })),
});

export const runCalls = {
  'runs.list': call(
    listInputSchema.extend({
      eventId: z.string().optional(),
      state: z.union([runStateSchema, z.array(runStateSchema)]).optional(),
      job: slugSchema.optional(),
      listener: slugSchema.optional(),
      /** Only what the inbox shows. */
      inbox: z.boolean().optional(),
    }),
    pageSchema(runSchema),
  ),
  'runs.get': call(byId, runDetailSchema),
  /**
   * Lines of one attempt (the latest by default), 5,000 at a time unless `limit` says otherwise. `next` is the `after` of
   * the next page, null on the last one. `last` is the `after` with which a reader of a run goes on later. `truncated`: lines of the middle were dropped to keep within the limit.
   */
  'runs.output': call(
    byId.extend({
      attempt: z.number().int().min(1).optional(),
      after: z.number().int().min(0).optional(),
      limit: z.number().int().min(1).max(10_000).optional(),
    }),
    z.object({
      items: z.array(outputLineSchema),
      truncated: z.boolean(),
      next: z.number().int().nullable(),
      last: z.number().int().nullable().optional(),
    }),
  ),
  /** Answers the open question; keys of `values` are names of its fields. */
  'runs.answer': call(
    byId.extend({
      questionId: z.string(),
      values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), exactNumberSchema])),
    }),
    runSchema,
  ),
  'runs.cancel': call(byId, runSchema),
  /** A finished run gets a new run for the same event and listener, with `retryOf` naming this one. */
  'runs.retry': call(byId, runSchema),
  /**
   * The same of many runs. Those that cannot be retried (or canceled) stay as they are and are named in `skipped`; `items`:
   * the new runs (or the canceled ones; a running one ends when its processes have).
   */
  'runs.retryMany': call(z.strictObject({ ids }), manySchema),
  'runs.cancelMany': call(z.strictObject({ ids }), manySchema),
  'runs.acknowledge': call(
    z.strictObject({ ids, note: z.string().max(2000).optional() }),
    z.object({ items: z.array(runSchema) }),
  ),
  /** Takes an acknowledgement back: the run returns to the inbox. */
  'runs.unacknowledge': call(z.strictObject({ ids }), z.object({ items: z.array(runSchema) })),
};
