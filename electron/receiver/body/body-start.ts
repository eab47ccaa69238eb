import type { IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget.ts';
import { isCoding, readCodings, recognizeCoding } from './content-coding.ts';
import { type BodyStart, keptBytes } from './decode-body.ts';
import { inflate } from './inflate.ts';
import { declaredBytes } from './receive-body.ts';

/** The first bytes of a body that is not wanted, within `waitMs`; the rest is read and dropped, as Node would. */
function collectStart(req: IncomingMessage, budget: BodyBudget, waitMs: number): Promise<BodyStart> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let isSettled = false;
    const settle = (): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      const start = Buffer.concat(chunks).subarray(0, keptBytes);
      resolve({ start, sizeBytes: Math.max(sizeBytes, declaredBytes(req)) });
    };
    const timer = setTimeout(settle, waitMs);
    req.on('data', (chunk: Buffer) => {
      if (isSettled) return;
      sizeBytes += chunk.length;
      const isKept = budget.take(Math.min(chunk.length, keptBytes));
      if (isKept) chunks.push(chunk);
      if (!isKept || sizeBytes >= keptBytes) settle();
    });
    req.on('end', settle);
    req.on('error', settle);
    req.on('close', settle);
  });
}

/**
 * The beginning of the unread body of a delivery that is refused: it shows the operator what the sender
 * sends. Inflated where that can be done, since what must not be stored is looked for in plain text alone.
 */
export async function receiveStart(req: IncomingMessage, budget: BodyBudget, waitMs: number): Promise<BodyStart> {
  const isComing = req.headers['transfer-encoding'] !== undefined || declaredBytes(req) > 0;
  // A sender that expects 100-continue holds the body back until it gets one, and it gets none.
  if (!isComing || req.readableEnded || req.destroyed || req.headers.expect !== undefined) {
    return { start: Buffer.alloc(0), sizeBytes: 0 };
  }
  const received = await collectStart(req, budget, waitMs);
  const { codings } = readCodings(req.headers['content-encoding']);
  let { start } = received;
  for (const coding of codings.toReversed()) {
    if (start.length === 0) break;
    const actual = recognizeCoding(start) ?? (isCoding(coding) ? coding : null);
    if (actual === null) continue;
    const inflated = await inflate(start, actual, { maxBytes: keptBytes, budget, isCut: true });
    const plain = inflated.kind === 'bytes' ? inflated.bytes : inflated.start;
    if (plain.length > 0) start = plain;
  }
  return { start, sizeBytes: Math.max(received.sizeBytes, start.length) };
}
