/** A Zstandard frame (RFC 8878 section 3.1), found by its headers alone. */
export interface ZstdFrame {
  start: number;
  windowBytes: number;
  /** Where each piece ends that a decoder can be given: the header with the first block, then a block each. */
  ends: readonly number[];
  /** False: the body ends, or its format breaks, within this frame. */
  isWhole: boolean;
}

const magic = 0xfd2fb528;
const skippableMask = 0xfffffff0;
const skippableMagic = 0x184d2a50;

/** A frame of more blocks than this is made of empty ones. */
const maxBlocks = 100_000;
/** As many as a body of the usual limit has when each holds a few kilobytes. */
const maxFrames = 20_000;

/** Whether a Zstandard frame starts here. */
export const isZstdFrame = (bytes: Buffer): boolean => bytes.length >= 4 && bytes.readUInt32LE(0) === magic;

/** Size of the frame header after the magic number, and the memory that its decoder needs; null where it is cut. */
function readFrameHeader(
  bytes: Buffer,
  at: number,
): { sizeBytes: number; windowBytes: number; checksumBytes: number } | null {
  const descriptor = bytes[at];
  if (descriptor === undefined) return null;
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeFlag = descriptor >> 6;
  const contentSizeBytes = sizeFlag === 0 ? (isSingle ? 1 : 0) : 1 << sizeFlag;
  const sizeAt = at + 1 + (isSingle ? 0 : 1) + dictionaryBytes;
  if (sizeAt + contentSizeBytes > bytes.length) return null;
  const checksumBytes = (descriptor & 4) === 0 ? 0 : 4;
  const sizeBytes = sizeAt + contentSizeBytes - at;
  if (!isSingle) {
    const windowByte = bytes[at + 1] ?? 0;
    const base = 2 ** (10 + (windowByte >> 3));
    return { sizeBytes, checksumBytes, windowBytes: base + (base / 8) * (windowByte & 7) };
  }
  if (contentSizeBytes === 8) return { sizeBytes, checksumBytes, windowBytes: Number(bytes.readBigUInt64LE(sizeAt)) };
  const contentSize = bytes.readUIntLE(sizeAt, contentSizeBytes);
  return { sizeBytes, checksumBytes, windowBytes: contentSizeBytes === 2 ? contentSize + 256 : contentSize };
}

/** The blocks of the frame whose header ends at `from`, up to where they are cut. */
function readBlocks(bytes: Buffer, from: number, checksumBytes: number): Pick<ZstdFrame, 'ends' | 'isWhole'> {
  const ends: number[] = [];
  let at = from;
  for (let isLast = false; !isLast; ) {
    if (at + 3 > bytes.length || ends.length >= maxBlocks) return { ends, isWhole: false };
    const block = bytes.readUIntLE(at, 3);
    isLast = (block & 1) === 1;
    // An RLE block holds one byte, however many bytes it expands to.
    at += 3 + (((block >> 1) & 3) === 1 ? 1 : block >> 3);
    if (isLast) at += checksumBytes;
    if (at > bytes.length) return { ends, isWhole: false };
    ends.push(at);
  }
  return { ends, isWhole: true };
}

/**
 * The frames of a body, skippable ones left out. `end` is where the last one ends; from there on the bytes start no
 * frame. A frame that is cut is the last.
 */
export function findZstdFrames(bytes: Buffer): { frames: readonly ZstdFrame[]; end: number } {
  const frames: ZstdFrame[] = [];
  let at = 0;
  while (at + 8 <= bytes.length && frames.length < maxFrames) {
    const number = bytes.readUInt32LE(at);
    if ((number & skippableMask) >>> 0 === skippableMagic) {
      const end = at + 8 + bytes.readUInt32LE(at + 4);
      if (end > bytes.length) break;
      at = end;
      continue;
    }
    if (number !== magic) break;
    const header = readFrameHeader(bytes, at + 4);
    const start = at;
    const blocks =
      header === null
        ? { ends: [bytes.length], isWhole: false }
        : readBlocks(bytes, at + 4 + header.sizeBytes, header.checksumBytes);
    frames.push({ start, windowBytes: header?.windowBytes ?? 0, ...blocks });
    at = blocks.isWhole ? (blocks.ends.at(-1) ?? bytes.length) : bytes.length;
  }
  return { frames, end: at };
}
