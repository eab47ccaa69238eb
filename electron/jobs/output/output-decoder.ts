import { isUtf8 } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import { oemDecoder } from './oem-code-page.ts';
import {
  isBackInUtf8,
  isUtf8WithLines,
  looksUtf16,
  minSampleBytes,
  type OutputEncoding,
  readByteOrderMark,
  unfinishedBytes,
} from './text-encoding.ts';

/** Binary output has zeros in every line: looking at the first lines of a chunk is enough. */
const maxLooksPerChunk = 8;
const lineFeed = 10;
const none = Buffer.alloc(0);

const joined = (before: Buffer, chunk: Buffer): Buffer =>
  before.length === 0 ? chunk : Buffer.concat([before, chunk]);

/**
 * The bytes of one output as text, wherever they are cut. UTF-8, with U+FFFD for bytes that are not; UTF-16 by its byte
 * order mark or its zeros, from the start or from any line on, because a job may run several programs. On Windows, bytes
 * that are not UTF-8 are read in the code page of its console.
 */
export class OutputDecoder {
  readonly #codePage: number | null;
  #encoding: OutputEncoding = 'utf8';
  #decoder: { write(bytes: Buffer): string; end(): string } = new StringDecoder('utf8');
  /** Bytes that say nothing without the next ones: the start of the output, or half a unit or character. */
  #held: Buffer = none;
  #isStarted = false;
  #isAtLineStart = true;
  #isHalfUnitNext = false;
  /** What follows a change of encoding. Not decoded by recursion: a job may change with every line. */
  #rest: Buffer = none;
  #isUtf16Found = false;

  /** `codePage`: of the Windows console; null elsewhere. */
  constructor(codePage: number | null = null) {
    this.#codePage = codePage;
  }

  write(chunk: Buffer): string {
    if (chunk.length === 0) return '';
    if (this.#isHalfUnitNext) {
      this.#isHalfUnitNext = false;
      return this.write(chunk.subarray(1));
    }
    if (this.#isStarted) return this.#decode(chunk);
    const bytes = joined(this.#held, chunk);
    if (bytes.length >= minSampleBytes) return this.#start(bytes);
    this.#held = bytes;
    return '';
  }

  end(): string {
    // Too few bytes for more than a guess: with no zero among them they are more likely UTF-8.
    if (this.#isStarted && this.#isUtf16 && this.#isAtLineStart && isBackInUtf8(this.#held) === null) {
      const bytes = this.#held;
      this.#use('utf8');
      return this.#decode(bytes) + this.#decoder.end();
    }
    const text = this.#isStarted ? this.#decoder.write(this.#held) : this.#start(this.#held);
    this.#held = none;
    return text + this.#decoder.end();
  }

  /** So many bytes were left out here. */
  skip(bytes: number): void {
    this.#isHalfUnitNext = this.#isUtf16 && (this.#held.length + bytes) % 2 === 1;
    this.#isStarted = true;
    this.#isAtLineStart = false;
    this.#use(this.#encoding);
  }

  get #isUtf16(): boolean {
    return this.#encoding === 'utf16le' || this.#encoding === 'utf16be';
  }

  #use(encoding: OutputEncoding): void {
    this.#encoding = encoding;
    this.#held = none;
    if (encoding === 'oem' && this.#codePage !== null) this.#decoder = oemDecoder(this.#codePage);
    else this.#decoder = new StringDecoder(encoding === 'utf8' || encoding === 'oem' ? 'utf8' : 'utf16le');
  }

  #start(bytes: Buffer): string {
    this.#isStarted = true;
    const mark = readByteOrderMark(bytes);
    this.#use(mark?.encoding ?? looksUtf16(bytes) ?? 'utf8');
    return this.#decode(mark === null ? bytes : bytes.subarray(mark.length));
  }

  #decode(chunk: Buffer): string {
    let text = '';
    for (let bytes = chunk; bytes.length > 0; bytes = this.#rest) {
      this.#rest = none;
      text += this.#isUtf16 ? this.#decodeUtf16(bytes) : this.#decodeBytes(bytes);
    }
    return text;
  }

  #decodeBytes(chunk: Buffer): string {
    if (this.#encoding === 'utf8' && this.#codePage !== null && !this.#isStillUtf8(chunk)) {
      const bytes = joined(this.#held, chunk);
      this.#use('oem');
      return this.#decoder.write(bytes);
    }
    if (this.#encoding === 'utf8' && chunk.includes(0)) return this.#decodeWithZeros(chunk);
    this.#isAtLineStart = chunk[chunk.length - 1] === lineFeed;
    return this.#decoder.write(chunk);
  }

  #isStillUtf8(chunk: Buffer): boolean {
    const bytes = joined(this.#held, chunk);
    const whole = bytes.length - unfinishedBytes(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) return false;
    // The decoder has them already; kept in case they turn out not to be UTF-8.
    this.#held = Buffer.from(bytes.subarray(whole));
    return true;
  }

  /** Text in UTF-8 has no zeros: checks from line to line whether UTF-16 begins there. */
  #decodeWithZeros(chunk: Buffer): string {
    let start = this.#isAtLineStart ? 0 : chunk.indexOf(lineFeed) + 1;
    for (let looks = 0; looks < maxLooksPerChunk && (start > 0 || this.#isAtLineStart); looks += 1) {
      // The second byte of a line end in UTF-16 whose first was read as UTF-8.
      const from = chunk[start] === 0 ? start + 1 : start;
      const encoding = looksUtf16(chunk.subarray(from));
      if (encoding !== null) {
        const before = this.#decoder.write(chunk.subarray(0, start)) + this.#decoder.end();
        this.#use(encoding);
        this.#isUtf16Found = true;
        // Each program that writes UTF-16 may begin with a byte order mark; it is no part of the text.
        const mark = readByteOrderMark(chunk.subarray(from));
        this.#rest = chunk.subarray(from + (mark?.encoding === encoding ? mark.length : 0));
        return before;
      }
      start = chunk.indexOf(lineFeed, start) + 1;
      if (start === 0 || start === chunk.length) break;
    }
    this.#isAtLineStart = chunk[chunk.length - 1] === lineFeed;
    return this.#decoder.write(chunk);
  }

  #decodeUtf16(chunk: Buffer): string {
    const bytes = joined(this.#held, chunk);
    if (this.#isUtf16Found) this.#isUtf16Found = false;
    else if (this.#isAtLineStart) {
      const isBack = isBackInUtf8(bytes);
      if (isBack === true) return this.#backToUtf8('', bytes);
      if (isBack === null) {
        this.#held = Buffer.from(bytes);
        return '';
      }
    } else if (isUtf8WithLines(bytes)) return this.#backToUtf8('', bytes);
    const whole = bytes.length & ~1;
    const low = this.#encoding === 'utf16le' ? 0 : 1;
    let looks = 0;
    let at = bytes.indexOf(lineFeed);
    for (; at !== -1 && looks < maxLooksPerChunk; at = bytes.indexOf(lineFeed, at + 1)) {
      // Anywhere else it is half of another character.
      if ((at & 1) !== low || bytes[at ^ 1] !== 0) continue;
      looks += 1;
      const next = (at | 1) + 1;
      const rest = bytes.subarray(next);
      const isBack = rest.length === 0 ? false : isBackInUtf8(rest);
      if (isBack !== false) this.#isAtLineStart = true;
      if (isBack === true) return this.#backToUtf8(this.#readUtf16(bytes.subarray(0, next)), rest);
      if (isBack === null) {
        this.#held = Buffer.from(rest);
        return this.#readUtf16(bytes.subarray(0, next));
      }
    }
    this.#held = whole === bytes.length ? none : Buffer.from(bytes.subarray(whole));
    this.#isAtLineStart = whole >= 2 && bytes[whole - 2 + low] === lineFeed && bytes[whole - 1 - low] === 0;
    return this.#readUtf16(bytes.subarray(0, whole));
  }

  #readUtf16(units: Buffer): string {
    return this.#decoder.write(this.#encoding === 'utf16le' ? units : Buffer.from(units).swap16());
  }

  #backToUtf8(before: string, rest: Buffer): string {
    const text = before + this.#decoder.end();
    this.#use('utf8');
    this.#rest = rest;
    return text;
  }
}
