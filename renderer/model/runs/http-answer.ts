import { z } from 'zod';
import type { Json } from '../../../shared/contract/common.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';

const msSchema = z.number().nullable();

const answerSchema = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  encoding: z.literal('base64').optional(),
  truncated: z.boolean().optional(),
  url: z.string(),
  address: z.string(),
  timing: z.object({
    dnsMs: msSchema,
    connectMs: msSchema,
    tlsMs: msSchema,
    firstByteMs: z.number(),
    totalMs: z.number(),
  }),
});

/** What an address answered to a request, as a run of an `http` job keeps it. */
export type HttpAnswer = z.infer<typeof answerSchema>;

/** Null for the outcome of another kind of job. */
export const readHttpAnswer = (outcome: Json): HttpAnswer | null => answerSchema.safeParse(outcome).data ?? null;

/** The body for people: JSON laid out, everything else as it came. */
export function printBody({ body, encoding, truncated }: HttpAnswer): string {
  if (encoding !== undefined || truncated === true) return body;
  try {
    return stringifyExact(parseExact(body), 2);
  } catch {
    return body;
  }
}

/** Differs with every answer, and says nothing about it. */
const changing = new Set(['date', 'age', 'x-request-id']);

/** Status, headers and body as text, to be compared with another answer. */
export function printAnswer(answer: HttpAnswer): string {
  const headers = Object.entries(answer.headers)
    .filter(([name]) => !changing.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${value}`);
  return [String(answer.status), ...headers, '', printBody(answer)].join('\n');
}

export interface TimingPart {
  name: string;
  /** From the start of the request. */
  fromMs: number;
  ms: number;
}

/** The parts that a request took, one after the other. */
export function timingParts({ dnsMs, connectMs, tlsMs, firstByteMs, totalMs }: HttpAnswer['timing']): TimingPart[] {
  const parts: TimingPart[] = [];
  let fromMs = 0;
  const add = (name: string, ms: number | null): void => {
    if (ms === null) return;
    parts.push({ name, fromMs, ms });
    fromMs += ms;
  };
  add('DNS', dnsMs);
  add('Connect', connectMs);
  add('TLS', tlsMs);
  add('First byte', firstByteMs);
  add('Body', Math.max(0, Math.round((totalMs - fromMs) * 10) / 10));
  return parts;
}
