import { z } from 'zod';
import { parseExact } from '../exact-json/parse-exact.ts';
import { errorSchema, type WireError } from './errors.ts';

export type Reply<T = unknown> = { ok: true; value: T } | { ok: false; error: WireError };

export const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorSchema }),
]);

/** The reply in an HTTP response's body; null: it holds none, as when a proxy responds instead of Signalbox. */
export function parseReply(text: string): Reply | null {
  let value: unknown;
  try {
    value = parseExact(text);
  } catch {
    return null;
  }
  return replySchema.safeParse(value).data ?? null;
}
