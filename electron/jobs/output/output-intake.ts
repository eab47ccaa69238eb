import { maxLineBytes, maxUnparsedBytes, readBytesPerTick } from '../channel-limits.ts';
import type { SecretMasks } from '../masks/secret-masks.ts';
import { type EmitLine, LineSplitter } from './line-splitter.ts';
import { oemCodePage } from './oem-code-page.ts';
import { OutputDecoder } from './output-decoder.ts';
import type { Share } from './time-share.ts';

export interface OutputIntakeDeps {
  masks: SecretMasks;
  share: Share;
  onLine: EmitLine;
  /** The next lines are kept for certain, whatever they cost. */
  isNeeded(): boolean;
  onDropped(): void;
}

/**
 * One way by which output comes: bytes of a pipe, or text that a script's worker sends. Cuts it into lines for as long as
 * its share of the app's thread lasts; the latest of what is left waits for the next tick.
 */
export class OutputIntake {
  readonly #splitter: LineSplitter;
  readonly #decoder: OutputDecoder;
  readonly #share: Share;
  readonly #emit: EmitLine;
  readonly #isNeeded: () => boolean;
  readonly #onDropped: () => void;
  #waiting: (Buffer | string)[] = [];
  #waitingLength = 0;
  #readThisTick = 0;

  constructor(options: OutputIntakeDeps) {
    this.#splitter = new LineSplitter(options.masks);
    this.#decoder = new OutputDecoder(oemCodePage());
    this.#share = options.share;
    this.#emit = options.onLine;
    this.#isNeeded = options.isNeeded;
    this.#onDropped = options.onDropped;
  }

  /** False: rest until the next tick before more of it is read. */
  push(chunk: Buffer | string): boolean {
    this.#readThisTick += chunk.length;
    // In small pieces: a look at the clock between them keeps to the share.
    for (let from = 0; from < chunk.length; from += maxLineBytes) {
      const piece =
        typeof chunk === 'string' ? chunk.slice(from, from + maxLineBytes) : chunk.subarray(from, from + maxLineBytes);
      this.#waiting.push(piece);
      this.#waitingLength += piece.length;
    }
    this.#parse(this.#share.leftMs());
    if (this.#waitingLength > maxUnparsedBytes) this.#drop();
    return this.#readThisTick < readBytesPerTick;
  }

  tick(): void {
    this.#readThisTick = 0;
    this.#parse(this.#share.leftMs());
  }

  end(): void {
    this.#parse(Number.POSITIVE_INFINITY);
    this.#splitter.push(this.#decoder.end(), this.#emit);
    this.#splitter.end(this.#emit);
  }

  #parse(forMs: number): void {
    if (this.#waiting.length === 0) return;
    const from = performance.now();
    let tookMs = 0;
    let count = 0;
    for (const piece of this.#waiting) {
      if (tookMs >= forMs && !this.#isNeeded()) break;
      this.#splitter.push(typeof piece === 'string' ? piece : this.#decoder.write(piece), this.#emit);
      this.#waitingLength -= piece.length;
      count += 1;
      tookMs = performance.now() - from;
    }
    this.#share.spend(tookMs);
    this.#waiting = count === this.#waiting.length ? [] : this.#waiting.slice(count);
  }

  #drop(): void {
    let count = 0;
    let bytes = 0;
    for (const piece of this.#waiting) {
      if (this.#waitingLength <= maxUnparsedBytes) break;
      this.#waitingLength -= piece.length;
      if (typeof piece !== 'string') bytes += piece.length;
      count += 1;
    }
    this.#waiting = this.#waiting.slice(count);
    this.#decoder.skip(bytes);
    this.#splitter.skipToNextLine(this.#emit);
    this.#onDropped();
  }
}
