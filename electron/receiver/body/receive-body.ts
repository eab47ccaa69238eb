import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from '../answer/answer.ts';
import type { BodyBudget } from './body-budget.ts';
import { overBudget, tooLarge } from './body-refusals.ts';
import { readCodings } from './content-coding.ts';
import { type BodyStart, type DecodedBody, decodeBody, keptBytes } from './decode-body.ts';

export type ReceivedBody =
  | DecodedBody
  /** The sender hung up before the end: no answer can be sent and nothing is kept. */
  | { kind: 'gone' };

const bodyMethods = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Neither Content-Length nor Transfer-Encoding, with a method that usually has a body: by RFC 9112 section 6.3 there is
 * none. But a sender that writes one regardless and closes would be told 202 for an empty delivery and lose it, so the
 * caller looks whether bytes follow.
 */
export const isLengthMissing = (req: IncomingMessage): boolean =>
  req.headers['content-length'] === undefined &&
  req.headers['transfer-encoding'] === undefined &&
  bodyMethods.has(req.method ?? '');

/** As the header Content-Length says; 0 without one. */
export const declaredBytes = (req: IncomingMessage): number => Number(req.headers['content-length'] ?? 0);

type Collected =
  | { kind: 'whole'; bytes: Buffer }
  | ({ kind: 'refused'; refusal: Refusal } & BodyStart)
  | { kind: 'gone' };

function collect(req: IncomingMessage, maxBytes: number, budget: BodyBudget): Promise<Collected> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let isSettled = false;
    const settle = (result: Collected): void => {
      if (isSettled) return;
      isSettled = true;
      resolve(result);
    };
    const refuse = (refusal: Refusal, last: Buffer): void => {
      const start = Buffer.concat([...chunks, last]).subarray(0, keptBytes);
      settle({ kind: 'refused', refusal, start, sizeBytes: Math.max(sizeBytes, declaredBytes(req)) });
      // Read on and drop it, so that the sender gets to the answer; the request's time limit ends a long one.
      chunks.length = 0;
    };
    req.on('data', (chunk: Buffer) => {
      if (isSettled) return;
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) refuse(tooLarge(maxBytes), chunk);
      else if (!budget.take(chunk.length)) refuse(overBudget, chunk);
      else chunks.push(chunk);
    });
    req.on('end', () => {
      const [first] = chunks;
      const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, sizeBytes);
      settle({ kind: 'whole', bytes });
    });
    req.on('error', () => settle({ kind: 'gone' }));
    req.on('close', () => settle({ kind: 'gone' }));
  });
}

/** The body, inflated. Whatever it took of the budget is in `budget` until its `release`. */
export async function receiveBody(
  req: IncomingMessage,
  res: ServerResponse,
  maxBytes: number,
  budget: BodyBudget,
): Promise<ReceivedBody> {
  if (req.headers['content-length'] === '0') return { kind: 'body', bytes: Buffer.alloc(0) };
  const codings = readCodings(req.headers['content-encoding']);
  if (declaredBytes(req) > maxBytes) return refuseUnread(req, tooLarge(maxBytes));
  if (req.headers.expect !== undefined) res.writeContinue();
  const received = await collect(req, maxBytes, budget);
  if (received.kind !== 'whole') return received;
  const { bytes } = received;
  if (codings.codings.length === 0 || bytes.length === 0) return { kind: 'body', bytes, notes: codings.notes };
  return decodeBody(bytes, codings, { maxBytes, budget });
}

const refuseUnread = (req: IncomingMessage, refusal: Refusal): ReceivedBody => ({
  kind: 'refused',
  refusal,
  start: Buffer.alloc(0),
  sizeBytes: declaredBytes(req),
});
