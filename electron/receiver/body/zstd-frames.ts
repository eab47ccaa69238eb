/** A Zstandard frame (RFC 8878 section 3.1), found by its headers alone. */
export interface ZstdFrame {
  windowBytes: number;
  /** Where each piece ends that a decoder can be given: the header with the first block, then a block each. */
  ends: readonly number[];
}

const magic = 0xfd2fb528;
const skippableMask = 0xfffffff0;
const skippableMagic = 0x184d2a50;

/** A frame of more blocks than this is made of empty ones. */
const maxBlocks = 100_000;

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

/**
 * The frames of a body, skippable ones left out; null when it is not made of whole frames. `ends` of one frame are
 * followed by the start of the next, so that the first piece of each is cut by the caller from where the last one ended.
 */
export function splitZstdFrames(bytes: Buffer): { start: number; frame: ZstdFrame }[] | null {
  const frames: { start: number; frame: ZstdFrame }[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 8 > bytes.length) return null;
    const number = bytes.readUInt32LE(at);
    if ((number & skippableMask) >>> 0 === skippableMagic) {
      at += 8 + bytes.readUInt32LE(at + 4);
      if (at > bytes.length) return null;
      continue;
    }
    if (number !== magic) return null;
    const header = readFrameHeader(bytes, at + 4);
    if (header === null) return null;
    const start = at;
    const ends: number[] = [];
    at += 4 + header.sizeBytes;
    for (let isLast = false; !isLast; ) {
      if (at + 3 > bytes.length || ends.length >= maxBlocks) return null;
      const block = bytes.readUIntLE(at, 3);
      isLast = (block & 1) === 1;
      // An RLE block holds one byte, however many bytes it expands to.
      at += 3 + (((block >> 1) & 3) === 1 ? 1 : block >> 3);
      if (isLast) at += header.checksumBytes;
      if (at > bytes.length) return null;
      ends.push(at);
    }
    frames.push({ start, frame: { windowBytes: header.windowBytes, ends } });
  }
  return frames.length === 0 ? null : frames;
}
