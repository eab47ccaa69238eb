import * as zlib from 'node:zlib';
import { isPadding } from '../../sources/body/body-looks.ts';
import type { Refusal } from '../answer/answer.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import type { BodyBudget } from './body-budget.ts';
import { overBudget, tooLarge } from './body-refusals.ts';
import { type Coding, isZlib } from './content-coding.ts';
import { inflateZstd, type TakeChunk } from './inflate-zstd.ts';

export type Inflated =
  /** `paddingBytes` of zeros or white space came after the end of the data. */
  | { kind: 'bytes'; bytes: Buffer; paddingBytes: number }
  /** `start` is what came out before. */
  | { kind: 'refused'; refusal: Refusal; start: Buffer }
  /** `leftBytes`, when above 0, came after the end of the data and are neither padding nor more of it. */
  | { kind: 'invalid'; start: Buffer; leftBytes: number };

export interface InflateOptions {
  maxBytes: number;
  budget: BodyBudget;
  /** The bytes are only the beginning of a body: what can be read of them is no mistake. */
  isCut?: boolean;
}

/** `left` is what comes after the end of the last valid stream; null when there is no valid one. */
type Read = { left: Buffer } | null;

const nothingLeft: Read = { left: Buffer.alloc(0) };

/** Concatenated streams beyond this are a way to cost time. */
const maxStreams = 1000;

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
  // "deflate" means the zlib format (RFC 9110 section 8.4.1.2), yet some send the bare stream.
  return isZlib(bytes) ? zlib.createInflate(options) : zlib.createInflateRaw(options);
}

function blanksAtEnd(bytes: Buffer): number {
  let at = bytes.length;
  while (at > 0 && (bytes[at - 1] === 0x0a || bytes[at - 1] === 0x0d || bytes[at - 1] === 0x20)) at--;
  return bytes.length - at;
}

/** Inflates piece by piece, so that 300 bytes that become 200 MB are stopped at the limit and not after it. */
export async function inflate(bytes: Buffer, coding: Coding, options: InflateOptions): Promise<Inflated> {
  const collector = createCollector(options);
  const read = await run(bytes, coding, options, collector.take);
  const refusal = collector.refusal();
  const inflated = collector.bytes();
  if (refusal !== null) return { kind: 'refused', refusal, start: inflated };
  if (read === null) {
    // Node reads what follows gzip as more of it, zeros aside, so a line end must go before.
    const paddingBytes = coding === 'gzip' && options.isCut !== true ? blanksAtEnd(bytes) : 0;
    if (paddingBytes === 0) return { kind: 'invalid', start: inflated, leftBytes: 0 };
    const again = await inflate(bytes.subarray(0, -paddingBytes), coding, options);
    return again.kind === 'bytes' ? { ...again, paddingBytes: again.paddingBytes + paddingBytes } : again;
  }
  const { left } = read;
  return isPadding(left)
    ? { kind: 'bytes', bytes: inflated, paddingBytes: left.length }
    : { kind: 'invalid', start: inflated, leftBytes: left.length };
}

async function run(
  bytes: Buffer,
  coding: Coding,
  { maxBytes, isCut = false }: InflateOptions,
  take: TakeChunk,
): Promise<Read> {
  if (coding === 'aws-chunked') {
    const content = decodeAwsChunked(bytes);
    if (content === null) return null;
    take(content);
    return nothingLeft;
  }
  if (coding === 'zstd') return inflateZstd(bytes, maxBytes, take, nativeZstd);
  // Node's decoders end with their first stream and do not say what comes after it.
  let rest = bytes;
  for (let streams = 0; streams < maxStreams; streams++) {
    const { isValid, readBytes, isWanted } = await pipe(createDecoder(coding, rest, isCut), rest, take);
    if (!isValid) return streams === 0 ? null : { left: rest };
    rest = rest.subarray(readBytes);
    if (!isWanted) return nothingLeft;
    if (isPadding(rest)) break;
  }
  return { left: rest };
}

/** One frame by the platform's own, which Node has since 22.15. */
const nativeZstd =
  'createZstdDecompress' in zlib
    ? async (frame: Buffer, take: TakeChunk): Promise<boolean> =>
        (await pipe(zlib.createZstdDecompress(), frame, take)).isValid
    : null;

function pipe(
  decoder: zlib.Gunzip | zlib.BrotliDecompress,
  bytes: Buffer,
  take: TakeChunk,
): Promise<{ isValid: boolean; readBytes: number; isWanted: boolean }> {
  return new Promise((resolve) => {
    const end = (isValid: boolean, isWanted: boolean): void =>
      resolve({ isValid, readBytes: decoder.bytesWritten, isWanted });
    decoder.on('data', (chunk: Buffer) => {
      if (take(chunk)) return;
      decoder.destroy();
      end(true, false);
    });
    decoder.on('end', () => end(true, true));
    decoder.on('error', () => end(false, true));
    decoder.end(bytes);
  });
}
