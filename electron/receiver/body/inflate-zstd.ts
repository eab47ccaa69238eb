import { setImmediate as nextTurn } from 'node:timers/promises';
import { Decompress } from 'fzstd';
import { findZstdFrames, type ZstdFrame } from './zstd-frames.ts';

/** RFC 8878 section 3.1.1.1.2 wants decoders to take windows of 8 MiB; larger ones only where the content may be so. */
const usualWindowBytes = 8 * 1024 * 1024;
/** The library moves the whole window for each block: this much is moved before the event loop has its turn. */
const movedBytesPerTurn = 64 * 1024 * 1024;
/** Blocks of a few bytes in a large window would keep it moving for minutes. */
const maxMovedBytes = 8 * 1024 ** 3;
/** Starting a decoder takes as long as moving this much. */
const frameCostBytes = 256 * 1024;

/** False: stop, there is too much of it. */
export type TakeChunk = (chunk: Buffer) => boolean;

/** Gives all of one frame to `take`; false when it is not valid. Ends early when `take` says so. */
type DecodeFrame = (frame: Buffer, take: TakeChunk) => Promise<boolean>;

/** The library in place of the platform's own. Memory is bounded by the window, and the event loop gets its turns. */
function createLibraryDecoder(bytes: Buffer, maxBytes: number, take: TakeChunk) {
  let movedBytes = 0;
  let movedInTurn = 0;
  async function move(sizeBytes: number): Promise<void> {
    movedBytes += sizeBytes;
    movedInTurn += sizeBytes;
    if (movedInTurn < movedBytesPerTurn) return;
    movedInTurn = 0;
    await nextTurn();
  }
  return async ({ start, ends, windowBytes, isWhole }: ZstdFrame): Promise<boolean> => {
    if (windowBytes > Math.max(usualWindowBytes, maxBytes)) return false;
    let isWanted = true;
    const decoder = new Decompress((chunk) => {
      // A copy: the library goes on writing into its own.
      isWanted &&= chunk.length === 0 || take(Buffer.from(chunk));
    });
    await move(frameCostBytes);
    let at = start;
    for (const [i, end] of ends.entries()) {
      try {
        decoder.push(bytes.subarray(at, end), isWhole && i === ends.length - 1);
      } catch {
        return false;
      }
      if (!isWanted) return true;
      at = end;
      if (movedBytes > maxMovedBytes) return false;
      await move(windowBytes);
    }
    return isWhole;
  };
}

/**
 * Zstandard, all of its frames (RFC 8878 section 3.1): neither the platform's own decoder nor the library reads more
 * than one, so both are given one at a time. `left` is what comes after the last frame and is none; null when the bytes
 * are not valid. Ends early when `take` says so.
 */
export async function inflateZstd(
  bytes: Buffer,
  maxBytes: number,
  take: TakeChunk,
  decodeFrame: DecodeFrame | null = null,
): Promise<{ left: Buffer } | null> {
  const { frames, end } = findZstdFrames(bytes);
  if (end === 0) return null;
  let isWanted = true;
  const takeWanted: TakeChunk = (chunk) => {
    isWanted &&= take(chunk);
    return isWanted;
  };
  const decodeWithLibrary = createLibraryDecoder(bytes, maxBytes, takeWanted);
  for (const frame of frames) {
    const isValid =
      decodeFrame === null
        ? await decodeWithLibrary(frame)
        : await decodeFrame(bytes.subarray(frame.start, frame.isWhole ? frame.ends.at(-1) : bytes.length), takeWanted);
    if (!isWanted) break;
    if (!isValid || !frame.isWhole) return null;
  }
  return { left: isWanted ? bytes.subarray(end) : Buffer.alloc(0) };
}
