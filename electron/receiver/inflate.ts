import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Refusal } from './answer.ts';
import type { ReceivedBody } from './body.ts';
import type { BodyBudget } from './body-budget.ts';
import { overBudget, tooLarge } from './body-refusals.ts';

type Coding = 'gzip' | 'deflate' | 'br';

export function readCoding(
  header: string | undefined,
): { kind: Coding | 'plain' } | { kind: 'unknown'; refusal: Refusal } {
  switch (header?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return { kind: 'plain' };
    case 'gzip':
    case 'x-gzip':
      return { kind: 'gzip' };
    case 'deflate':
      return { kind: 'deflate' };
    case 'br':
      return { kind: 'br' };
    default:
      // RFC 9110 section 15.5.16: 415 with Accept-Encoding says that it was the coding. One on top of another is refused too.
      return {
        kind: 'unknown',
        refusal: {
          status: 415,
          code: 'unsupported_encoding',
          message: 'the Content-Encoding of the body is none of gzip, deflate and br',
          headers: { 'accept-encoding': 'gzip, deflate, br' },
        },
      };
  }
}

function createDecoder(coding: Coding, bytes: Buffer) {
  if (coding === 'gzip') return createGunzip();
  if (coding === 'br') return createBrotliDecompress();
  // "deflate" means the zlib format (RFC 9110 section 8.4.1.2), yet some send the bare stream. RFC 1950: CM is 8.
  return ((bytes[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
}

/** Inflates piece by piece, so that 300 bytes that become 200 MB are stopped at the limit and not after it. */
export function inflate(bytes: Buffer, coding: Coding, maxBytes: number, budget: BodyBudget): Promise<ReceivedBody> {
  return new Promise((resolve) => {
    const decoder = createDecoder(coding, bytes);
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const refuse = (refusal: Refusal): void => {
      decoder.destroy();
      resolve({ kind: 'refused', refusal });
    };
    decoder.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) refuse(tooLarge(maxBytes));
      else if (!budget.take(chunk.length)) refuse(overBudget);
      else chunks.push(chunk);
    });
    decoder.on('end', () => resolve({ kind: 'body', bytes: Buffer.concat(chunks, sizeBytes) }));
    decoder.on('error', () => {
      const message = `the body is not valid ${coding}, which its Content-Encoding says it is`;
      resolve({ kind: 'refused', refusal: { status: 400, code: 'bad_encoding', message } });
    });
    decoder.end(bytes);
  });
}
