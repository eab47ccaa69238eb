import { z } from 'zod';
import { durationSchema } from './duration.ts';
import { fieldPathSchema } from './field-path.ts';

const countSchema = z.number().int().min(1).max(10_000);
const periodSchema = durationSchema(50, 86_400_000);

/** Events that one run gets together: it is planned when there are `count`, or `period` after the first one. */
export const listenerBatchSchema = z.strictObject({
  count: countSchema.optional(),
  period: periodSchema.optional(),
  /** Events with the same value at this path, such as `payload.campaign`, are gathered together. */
  by: fieldPathSchema.optional(),
});
export type ListenerBatch = z.infer<typeof listenerBatchSchema>;

/** Events that one request sends as a list. A listener's own `batch` is used in its place. */
export const httpBatchSchema = z.strictObject({
  count: countSchema.optional(),
  /** Of all payloads together. */
  bytes: z
    .number()
    .int()
    .min(1)
    .max(8 * 1024 * 1024)
    .optional(),
  period: periodSchema.optional(),
});
export type HttpBatch = z.infer<typeof httpBatchSchema>;

export const listenerBatchDefaults = { count: 100, period: '1m' } as const;
export const httpBatchDefaults = { count: 100, bytes: 1024 * 1024, period: '1s' } as const;
/** Payloads of a listener's batch together: a run is planned when there are more. */
export const maxBatchBytes = 8 * 1024 * 1024;

/** Bodies of http jobs that can be a list. */
export const canBeList = (body: unknown): boolean => body !== 'cloudevents-binary' && body !== 'received';
