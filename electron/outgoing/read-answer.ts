import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

export interface AnswerStart {
  bytes: Buffer;
  isTruncated: boolean;
}

/** Bodies that are cut off give what they have. */
const flush = { finishFlush: constants.Z_SYNC_FLUSH };
const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(flush),
  'x-gzip': () => createGunzip(flush),
  deflate: () => createInflate(flush),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

/**
 * The first `maxBytes` of a body, uncompressed; a longer one is not read to its end, and its connection is not used again.
 * One that cannot be uncompressed comes as it is.
 */
export async function readAnswerStart(response: IncomingMessage, maxBytes: number): Promise<AnswerStart> {
  const read = await readStart(response, maxBytes);
  const coding = response.headers['content-encoding']?.trim().toLowerCase() ?? '';
  const decoder = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
  if (decoder === undefined || read.bytes.length === 0) return read;
  return (await decodeStart(read, decoder(), maxBytes)) ?? read;
}

function readStart(response: IncomingMessage, maxBytes: number): Promise<AnswerStart> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBytes) return;
      resolve({ bytes: Buffer.concat(chunks, size).subarray(0, maxBytes), isTruncated: true });
      response.destroy();
    });
    response.on('end', () => resolve({ bytes: Buffer.concat(chunks, size), isTruncated: false }));
    response.on('error', reject);
  });
}

/** Null when nothing of it can be read. A few bytes may stand for gigabytes: it stops at `maxBytes`. */
function decodeStart(read: AnswerStart, decoder: Transform, maxBytes: number): Promise<AnswerStart | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const decoded = (isTruncated: boolean): AnswerStart => ({
      bytes: Buffer.concat(chunks, size).subarray(0, maxBytes),
      isTruncated,
    });
    decoder.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBytes) return;
      resolve(decoded(true));
      decoder.destroy();
    });
    decoder.on('end', () => resolve(decoded(read.isTruncated)));
    decoder.on('error', () => resolve(size === 0 ? null : decoded(true)));
    decoder.end(read.bytes);
  });
}
