import { z } from 'zod';
import { errorSchema, type WireError } from './errors.ts';

export type Reply<T = unknown> = { ok: true; value: T } | { ok: false; error: WireError };

export const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorSchema }),
]);
