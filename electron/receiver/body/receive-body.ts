import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import type { Refusal } from '../answer/answer.ts';
import type { BodyBudget } from './body-budget.ts';
import { overBudget, tooLarge } from './body-refusals.ts';
import { type Coding, codings as knownCodings, type ReadCodings, readCodings } from './content-coding.ts';
import { inflate } from './inflate.ts';

/** Of the body of a refused delivery. */
export const keptBytes = 64 * 1024;

/** The beginning of a body that was refused, inflated where that could be done, and how long the whole is as sent. */
export interface BodyStart {
  start: Buffer;
  /** As far as it is known: as declared, or what came until it was refused. */
  sizeBytes: number;
}

export type ReceivedBody =
  | { kind: 'body'; bytes: Buffer; notes?: readonly DeliveryNote[] | undefined }
  | ({ kind: 'refused'; refusal: Refusal } & BodyStart)
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

const notEncoded = (names: readonly string[]): DeliveryNote => ({
  code: 'body_not_encoded',
  message: `The header Content-Encoding says ${names.join(', ')}, but the body is not encoded so. It was taken as sent.`,
});

const badEncoding = (names: readonly string[]): Refusal => ({
  status: 400,
  code: 'bad_encoding',
  message: `the body is not valid ${names.join(', ')}, which its Content-Encoding says it is`,
});

/** RFC 9110 section 15.5.16: 415 with Accept-Encoding says that it was the coding. */
const unknownEncoding = (name: string): Refusal => ({
  status: 415,
  code: 'unsupported_encoding',
  message: `the Content-Encoding of the body, "${name}", is none of ${knownCodings.join(', ')}`,
  headers: { 'accept-encoding': 'gzip, deflate, br, zstd' },
});

/**
 * Takes off the codings, the last one first. One whose format the bytes do not have is skipped where the rest makes
 * sense: proxies inflate bodies and leave the header, and some senders put their Accept-Encoding there.
 */
async function decode(
  received: Buffer,
  { codings, notes }: ReadCodings,
  maxBytes: number,
  budget: BodyBudget,
): Promise<ReceivedBody> {
  let bytes = received;
  const skipped: Coding[] = [];
  for (const coding of codings.toReversed()) {
    const inflated = await inflate(bytes, coding, { maxBytes, budget });
    if (inflated.kind === 'refused') {
      return { kind: 'refused', refusal: inflated.refusal, start: firstOf(inflated.start), sizeBytes: received.length };
    }
    if (inflated.kind === 'invalid') skipped.push(coding);
    else bytes = inflated.bytes;
  }
  if (skipped.length === 0) return { kind: 'body', bytes, notes };
  if (skipped.length === codings.length && !isText(bytes)) {
    return { kind: 'refused', refusal: badEncoding(skipped), start: firstOf(received), sizeBytes: received.length };
  }
  return { kind: 'body', bytes, notes: [...notes, notEncoded(skipped)] };
}

const firstOf = (bytes: Buffer): Buffer => bytes.subarray(0, keptBytes);

/** UTF-8 without control characters at its beginning, which nothing compressed looks like. */
const isText = (bytes: Buffer): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  isUtf8(bytes) && !/[\x00-\x08\x0e-\x1f]/.test(bytes.toString('latin1', 0, 4096));

/** The body, inflated. Whatever it took of the budget is in `budget` until its `release`. */
export async function receiveBody(
  req: IncomingMessage,
  res: ServerResponse,
  maxBytes: number,
  budget: BodyBudget,
): Promise<ReceivedBody> {
  if (req.headers['content-length'] === '0') return { kind: 'body', bytes: Buffer.alloc(0) };
  const codings = readCodings(req.headers['content-encoding']);
  if (codings.unknown !== null) return refuseUnread(req, unknownEncoding(codings.unknown));
  if (declaredBytes(req) > maxBytes) return refuseUnread(req, tooLarge(maxBytes));
  if (req.headers.expect !== undefined) res.writeContinue();
  const received = await collect(req, maxBytes, budget);
  if (received.kind !== 'whole') return received;
  const { bytes } = received;
  if (codings.codings.length === 0 || bytes.length === 0) return { kind: 'body', bytes, notes: codings.notes };
  return decode(bytes, codings, maxBytes, budget);
}

const refuseUnread = (req: IncomingMessage, refusal: Refusal): ReceivedBody => ({
  kind: 'refused',
  refusal,
  start: Buffer.alloc(0),
  sizeBytes: declaredBytes(req),
});
