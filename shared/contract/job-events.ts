import { z } from 'zod';
import { jsonSchema, timeSchema } from './common.ts';
import { progressSchema, questionSchema, runReasonSchema, runStateSchema, stepSchema } from './runs.ts';

/** What runs and jobs say on the built-in source `signalbox`; docs/jobs.md says when. */
export const jobEventTypes = [
  'job:created',
  'job:pending',
  'job:approved',
  'job:rejected',
  'job:scheduled',
  'job:ready',
  'job:interaction-required',
  'job:updated',
  'job:parts-completed',
  'job:completed',
  'job:failed',
  'job:canceled',
  'job:outcome-acknowledged',
  'job:deleted',
] as const;
export type JobEventType = (typeof jobEventTypes)[number];

/** The payload of each of them. What is of a run is null in `job:deleted`, which no run says. */
export const jobEventPayloadSchema = z.strictObject({
  /** The vendor's name for the job: `domain:operation`. */
  job: z.string(),
  domain: z.literal('job'),
  operation: z.string(),
  mode: z.enum(['foreground', 'background']).nullable(),
  /** The vendor's word for where the job is in its life. */
  status: z.enum([
    'created',
    'planning',
    'scheduled',
    'ready',
    'executing',
    'waiting',
    'complete',
    'failed',
    'canceled',
    'deleted',
  ]),
  state: runStateSchema.nullable(),
  attempt: z.number().int().nullable(),
  reason: runReasonSchema.nullable(),
  exitCode: z.number().int().nullable(),
  progress: progressSchema.nullable(),
  steps: z.array(stepSchema).nullable(),
  question: questionSchema.nullable(),
  outcome: jsonSchema,
  /** One sentence: what went wrong, else the operator's note, else the latest progress message. */
  info: z.string().nullable(),
  decidedBy: z.string().nullable(),
  dueAt: timeSchema.nullable(),
  retryOf: z.string().nullable(),
  startedAt: timeSchema.nullable(),
  finishedAt: timeSchema.nullable(),
});
export type JobEventPayload = z.infer<typeof jobEventPayloadSchema>;

export const jobEventContextSchema = z.strictObject({
  runId: z.string().nullable(),
  /** The event the run is for, with its source and type. */
  eventId: z.string().nullable(),
  listener: z.string().nullable(),
  job: z.string(),
  source: z.string().nullable(),
  eventType: z.string().nullable(),
});
export type JobEventContext = z.infer<typeof jobEventContextSchema>;
