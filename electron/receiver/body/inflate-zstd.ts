import { setImmediate as nextTurn } from 'node:timers/promises';
import { Decompress } from 'fzstd';
import { splitZstdFrames } from './zstd-frames.ts';

/** RFC 8878 section 3.1.1.1.2 wants decoders to take windows of 8 MiB; larger ones only where the content may be so. */
const usualWindowBytes = 8 * 1024 * 1024;
/** The library moves the whole window for each block: this much is moved before the event loop has its turn. */
const movedBytesPerTurn = 64 * 1024 * 1024;
/** Blocks of a few bytes in a large window would keep it moving for minutes. */
const maxMovedBytes = 8 * 1024 ** 3;

/** False: stop, there is too much of it. */
export type TakeChunk = (chunk: Buffer) => boolean;

/**
 * Zstandard without the platform's own, which Node has since 22.15. Gives false when the bytes are not valid; ends early
 * when `take` says so. Memory is bounded by the window, and the event loop gets its turns.
 */
export async function inflateZstd(bytes: Buffer, maxBytes: number, take: TakeChunk): Promise<boolean> {
  const frames = splitZstdFrames(bytes);
  if (frames === null) return false;
  let movedBytes = 0;
  let movedInTurn = 0;
  for (const { start, frame } of frames) {
    if (frame.windowBytes > Math.max(usualWindowBytes, maxBytes)) return false;
    let isWanted = true;
    const decoder = new Decompress((chunk) => {
      // A copy: the library goes on writing into its own.
      isWanted &&= chunk.length === 0 || take(Buffer.from(chunk));
    });
    let at = start;
    for (const [i, end] of frame.ends.entries()) {
      try {
        decoder.push(bytes.subarray(at, end), i === frame.ends.length - 1);
      } catch {
        return false;
      }
      if (!isWanted) return true;
      at = end;
      movedBytes += frame.windowBytes;
      movedInTurn += frame.windowBytes;
      if (movedBytes > maxMovedBytes) return false;
      if (movedInTurn < movedBytesPerTurn) continue;
      movedInTurn = 0;
      await nextTurn();
    }
  }
  return true;
}
