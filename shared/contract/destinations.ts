import { z } from 'zod';
import { call } from './call.ts';
import { slugSchema, timeSchema } from './common.ts';
import { destinationStateSchema } from './destination-events.ts';

/** One request, as the latency chart shows it. */
const sentSchema = z.object({
  runId: z.string(),
  at: timeSchema,
  /** Null: there was no answer. */
  status: z.number().int().nullable(),
  totalMs: z.number().nullable(),
  /** Why it failed; null when it was accepted. */
  error: z.string().nullable(),
});

/** A job of the kind `http`, seen as where its events go. */
export const destinationSchema = z.object({
  /** Slug of its job. */
  job: slugSchema,
  name: z.string(),
  url: z.string(),
  state: destinationStateSchema,
  /** Why it is in this state, one sentence; null where it has never been in another. */
  reason: z.string().nullable(),
  changedAt: timeSchema.nullable(),
  /** Its events are kept, and sent when it is resumed. */
  isPaused: z.boolean(),
  /** Since when every request has failed; null: the last one did not, or not for long. */
  failingSince: timeSchema.nullable(),
  /** Until when nothing is sent to its host, which has failed several times; null: it is not held back. */
  heldUntil: timeSchema.nullable(),
  /** Runs that wait to be sent, that are being sent, and that wait for another attempt. */
  backlog: z.object({ waiting: z.number().int(), running: z.number().int(), scheduled: z.number().int() }),
  /** The latest requests, newest first. */
  sent: z.array(sentSchema),
});
export type Destination = z.infer<typeof destinationSchema>;

const job = z.strictObject({ job: slugSchema });

export const destinationCalls = {
  'destinations.list': call(z.strictObject({}), z.object({ items: z.array(destinationSchema) })),
  'destinations.get': call(job, destinationSchema),
  /** Nothing more is sent; its events are kept. */
  'destinations.pause': call(job, destinationSchema),
  /** Sends on, and tries its host without waiting. */
  'destinations.resume': call(job, destinationSchema),
  /** Sends what it is verified by (a test event, or a challenge), and makes it active when the answer is right. */
  'destinations.verify': call(
    job,
    z.object({
      destination: destinationSchema,
      isVerified: z.boolean(),
      /** What went wrong; null when it is verified. */
      problem: z.string().nullable(),
    }),
  ),
  /** Makes it active, resumes it, and sends everything again that has failed or was not sent since then. */
  'destinations.recover': call(
    z.strictObject({ job: slugSchema, since: timeSchema }),
    z.object({ destination: destinationSchema, retried: z.number().int() }),
  ),
  /** Makes a new secret, with which requests are signed as well as with the one until now. */
  'destinations.rotateSecret': call(
    job,
    z.object({
      /** Under which it is stored. */
      name: z.string(),
      /** For the receiver; shown once. */
      value: z.string(),
    }),
  ),
};
