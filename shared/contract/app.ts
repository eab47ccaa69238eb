import { z } from 'zod';
import { call } from './call.ts';
import { timeSchema } from './common.ts';

export const alertSchema = z.object({
  code: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  message: z.string(),
  since: timeSchema,
});
export type Alert = z.infer<typeof alertSchema>;

export const statusSchema = z.object({
  version: z.string(),
  mode: z.enum(['desktop', 'headless']),
  startedAt: timeSchema,
  dataDir: z.string(),
  /** `accepting` is false while deliveries are answered 503. */
  receiver: z.object({ url: z.string(), accepting: z.boolean() }),
  consoleUrl: z.string().nullable(),
  config: z.object({ file: z.string(), appliedAt: timeSchema.nullable(), error: z.string().nullable() }).nullable(),
  events: z.object({ total: z.number(), perMinute: z.number() }),
  runs: z.object({ waiting: z.number(), running: z.number(), inbox: z.number() }),
  /** The full-text index trails the store by so many events. */
  index: z.object({ behind: z.number() }),
  databaseBytes: z.number(),
  alerts: z.array(alertSchema),
});
export type Status = z.infer<typeof statusSchema>;

/** A time in which no delivery could be taken: silence then says nothing about the senders. */
export const blindWindowSchema = z.object({
  /** `full`: no room on the disk; `refusing`: answered 503 for another reason. */
  kind: z.enum(['off', 'asleep', 'full', 'refusing']),
  from: timeSchema,
  /** Null: it lasts. */
  to: timeSchema.nullable(),
  detail: z.string(),
});
export type BlindWindow = z.infer<typeof blindWindowSchema>;

export const appCalls = {
  'app.status': call(z.strictObject({}), statusSchema),
  /** An address that signs one browser in to the console, once and until it expires; `publicUrl` is through the proxy. */
  'app.createSignInUrl': call(
    z.strictObject({}),
    z.object({ url: z.string(), publicUrl: z.string().nullable(), expiresAt: timeSchema }),
  ),
  /** Newest first; the newest thousand are kept. */
  'app.blindWindows': call(
    z.strictObject({ limit: z.number().int().min(1).max(1000).optional() }),
    z.object({ items: z.array(blindWindowSchema) }),
  ),
};
