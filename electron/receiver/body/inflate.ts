import * as zlib from 'node:zlib';
import type { Refusal } from '../answer/answer.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import type { BodyBudget } from './body-budget.ts';
import { overBudget, tooLarge } from './body-refusals.ts';
import type { Coding } from './content-coding.ts';
import { inflateZstd } from './inflate-zstd.ts';

export type Inflated =
  | { kind: 'bytes'; bytes: Buffer }
  /** `start` is what came out before. */
  | { kind: 'refused'; refusal: Refusal; start: Buffer }
  | { kind: 'invalid'; start: Buffer };

export interface InflateOptions {
  maxBytes: number;
  budget: BodyBudget;
  /** The bytes are only the beginning of a body: what can be read of them is no mistake. */
  isCut?: boolean;
}

/** Collects what comes out, up to the limit. */
function createCollector({ maxBytes, budget }: InflateOptions) {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let refusal: Refusal | null = null;
  return {
    take(chunk: Buffer): boolean {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) refusal ??= tooLarge(maxBytes);
      else if (!budget.take(chunk.length)) refusal ??= overBudget;
      else chunks.push(chunk);
      return refusal === null;
    },
    refusal: () => refusal,
    bytes: () => Buffer.concat(chunks),
  };
}

function createDecoder(coding: 'gzip' | 'deflate' | 'br', bytes: Buffer, isCut: boolean) {
  if (coding === 'br')
    return zlib.createBrotliDecompress(isCut ? { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH } : {});
  const options = isCut ? { finishFlush: zlib.constants.Z_SYNC_FLUSH } : {};
  if (coding === 'gzip') return zlib.createGunzip(options);
  // "deflate" means the zlib format (RFC 9110 section 8.4.1.2), yet some send the bare stream. RFC 1950: CM is 8.
  return ((bytes[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate(options) : zlib.createInflateRaw(options);
}

/** Inflates piece by piece, so that 300 bytes that become 200 MB are stopped at the limit and not after it. */
export async function inflate(bytes: Buffer, coding: Coding, options: InflateOptions): Promise<Inflated> {
  const collector = createCollector(options);
  const isValid = await run(bytes, coding, options, collector.take);
  const refusal = collector.refusal();
  const inflated = collector.bytes();
  if (refusal !== null) return { kind: 'refused', refusal, start: inflated };
  return isValid ? { kind: 'bytes', bytes: inflated } : { kind: 'invalid', start: inflated };
}

async function run(
  bytes: Buffer,
  coding: Coding,
  { maxBytes, isCut = false }: InflateOptions,
  take: (chunk: Buffer) => boolean,
): Promise<boolean> {
  if (coding === 'aws-chunked') {
    const content = decodeAwsChunked(bytes);
    if (content !== null) take(content);
    return content !== null;
  }
  if (coding === 'zstd') {
    return 'createZstdDecompress' in zlib
      ? pipe(zlib.createZstdDecompress(), bytes, take)
      : inflateZstd(bytes, maxBytes, take);
  }
  return pipe(createDecoder(coding, bytes, isCut), bytes, take);
}

function pipe(
  decoder: zlib.Gunzip | zlib.BrotliDecompress,
  bytes: Buffer,
  take: (chunk: Buffer) => boolean,
): Promise<boolean> {
  return new Promise((resolve) => {
    decoder.on('data', (chunk: Buffer) => {
      if (take(chunk)) return;
      decoder.destroy();
      resolve(true);
    });
    decoder.on('end', () => resolve(true));
    decoder.on('error', () => resolve(false));
    decoder.end(bytes);
  });
}
