import { z } from 'zod';
import { call } from './call.ts';
import { jsonSchema, slugSchema, timeSchema, unreadableSchema } from './common.ts';
import { AppError } from './errors.ts';
import { runSchema } from './runs.ts';

/** As far ahead as an event may be scheduled. */
export const maxDelaySeconds = 30 * 86_400;

const delayShape = {
  inSeconds: z.number().min(0).max(maxDelaySeconds, 'must be at most 30 days').optional(),
  scheduleFor: timeSchema.optional(),
};
const isOneDelay = ({ inSeconds, scheduleFor }: Delay): boolean => inSeconds === undefined || scheduleFor === undefined;
const oneDelay = 'takes either inSeconds or scheduleFor, not both';

export interface Delay {
  inSeconds?: number | undefined;
  scheduleFor?: string | undefined;
}

/** The two ways to put an event off, among other fields. */
export const delaySchema = z.object(delayShape).refine(isOneDelay, oneDelay);

/** Null: now; a time that has passed is now as well. Throws AppError for one too far ahead. */
export function dueAtOf({ inSeconds, scheduleFor }: Delay, nowMs: number): number | null {
  const dueAtMs = scheduleFor === undefined ? nowMs + (inSeconds ?? 0) * 1000 : Date.parse(scheduleFor);
  if (dueAtMs > nowMs + maxDelaySeconds * 1000) {
    throw new AppError('invalid_input', 'An event can be scheduled for at most 30 days from now.', [
      { path: ['scheduleFor'], message: 'must be at most 30 days from now' },
    ]);
  }
  return dueAtMs <= nowMs ? null : Math.round(dueAtMs);
}

/** An event of a person's or a job's own, now or later. */
export const raiseSchema = z
  .strictObject({
    /** `customer_sync` becomes `CUSTOM_CUSTOMER_SYNC`; a name that has the prefix keeps it. */
    type: z.string().trim().min(1, 'must not be empty').max(200, 'must be at most 200 characters'),
    /** The event's payload. */
    message: jsonSchema.optional(),
    /** The event's context. */
    metadata: z.record(z.string(), jsonSchema).optional(),
    ...delayShape,
  })
  .refine(isOneDelay, oneDelay);

/** Either it is an event now, or it becomes one at `dueAt`. */
export const raisedSchema = z.object({
  type: z.string(),
  eventId: z.string().nullable(),
  scheduledId: z.string().nullable(),
  dueAt: timeSchema.nullable(),
});
export type Raised = z.infer<typeof raisedSchema>;

export const scheduledEventSchema = z.object({
  id: z.string(),
  source: z.string(),
  system: z.string(),
  type: z.string(),
  context: jsonSchema,
  payload: jsonSchema,
  externalId: z.string().nullable(),
  dueAt: timeSchema,
  state: z.enum(['scheduled', 'fired', 'canceled']),
  /** The run that raised it. */
  causedByRun: z.string().nullable(),
  createdAt: timeSchema,
  /** An operator's name; null when a job or a delivery made it. */
  createdBy: z.string().nullable(),
  /** Once it has fired. */
  eventId: z.string().nullable(),
  /** One that cannot be read does not fire; it can be canceled. */
  unreadable: unreadableSchema,
});
export type ScheduledEvent = z.infer<typeof scheduledEventSchema>;

export const scheduledEventCalls = {
  /** Raises an event of the source `signalbox`. */
  'events.raise': call(raiseSchema, raisedSchema),
  /**
   * Gives stored events to a listener, whatever its type and conditions say: a run is planned for the event itself, which
   * is then no longer ignored. A listener that has the event already keeps the run it has.
   */
  'events.take': call(
    z.strictObject({ ids: z.array(z.string()).min(1).max(500), listener: slugSchema }),
    z.object({ items: z.array(runSchema) }),
  ),
  /** Those still to come, the next one first; of another state the latest first. At most 500. */
  'scheduledEvents.list': call(
    z.strictObject({ state: z.enum(['scheduled', 'fired', 'canceled']).optional() }),
    z.object({ items: z.array(scheduledEventSchema), total: z.number().int() }),
  ),
  'scheduledEvents.cancel': call(z.strictObject({ id: z.string() }), scheduledEventSchema),
};
