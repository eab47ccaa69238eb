import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './answer.ts';
import type { BodyBudget } from './body-budget.ts';
import { overBudget, tooLarge } from './body-refusals.ts';
import { inflate, readCoding } from './inflate.ts';

export type ReceivedBody =
  | { kind: 'body'; bytes: Buffer }
  | { kind: 'refused'; refusal: Refusal }
  /** The sender hung up before the end: there is nobody to answer and nothing to keep. */
  | { kind: 'gone' };

const empty: ReceivedBody = { kind: 'body', bytes: Buffer.alloc(0) };

const bodyMethods = new Set(['POST', 'PUT', 'PATCH']);

/**
 * What the headers alone say against a body, or null. In HTTP/1.1 a request with neither Content-Length nor
 * Transfer-Encoding has no body (RFC 9112 section 6.3), so nothing is missing for us; but a sender that writes its body
 * regardless and closes would be told 202 for an empty delivery and lose it. Clients are to send `Content-Length: 0`
 * with such methods (RFC 9110 section 8.6), so those that do not are asked to: 411.
 */
export function checkLength(req: IncomingMessage, maxBytes: number): Refusal | null {
  const length = req.headers['content-length'];
  if (length === undefined) {
    if (req.headers['transfer-encoding'] !== undefined || !bodyMethods.has(req.method ?? '')) return null;
    return {
      status: 411,
      code: 'length_required',
      message:
        'the request says neither how long its body is nor that it is chunked: send Content-Length, 0 for no body',
    };
  }
  return Number(length) > maxBytes ? tooLarge(maxBytes) : null;
}

function collect(req: IncomingMessage, maxBytes: number, budget: BodyBudget): Promise<ReceivedBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let isSettled = false;
    const settle = (result: ReceivedBody): void => {
      if (isSettled) return;
      isSettled = true;
      resolve(result);
    };
    const refuse = (refusal: Refusal): void => {
      settle({ kind: 'refused', refusal });
      // Read on and drop it, so that the sender gets to the answer; the request's time limit ends a long one.
      chunks.length = 0;
    };
    req.on('data', (chunk: Buffer) => {
      if (isSettled) return;
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) refuse(tooLarge(maxBytes));
      else if (!budget.take(chunk.length)) refuse(overBudget);
      else chunks.push(chunk);
    });
    req.on('end', () => {
      const [first] = chunks;
      const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, sizeBytes);
      settle({ kind: 'body', bytes });
    });
    req.on('error', () => settle({ kind: 'gone' }));
    req.on('close', () => settle({ kind: 'gone' }));
  });
}

/**
 * The body, inflated. Whatever it took of the budget is in `budget` until its `release`.
 * Call `checkLength` first.
 */
export async function receiveBody(
  req: IncomingMessage,
  res: ServerResponse,
  maxBytes: number,
  budget: BodyBudget,
): Promise<ReceivedBody> {
  if (req.headers['content-length'] === '0') return empty;
  const coding = readCoding(req.headers['content-encoding']);
  if (coding.kind === 'unknown') return { kind: 'refused', refusal: coding.refusal };
  if (req.headers.expect !== undefined) res.writeContinue();
  const received = await collect(req, maxBytes, budget);
  if (received.kind !== 'body' || coding.kind === 'plain' || received.bytes.length === 0) return received;
  return inflate(received.bytes, coding.kind, maxBytes, budget);
}
