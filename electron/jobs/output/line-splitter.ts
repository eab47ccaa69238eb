import { maxAddedMaskLength, maxLineBytes } from '../channel-limits.ts';
import type { SecretMasks } from '../masks/secret-masks.ts';

/** `starts` and `ends` are false for a piece in the middle of a line over the limit. */
export type EmitLine = (line: string, starts: boolean, ends: boolean) => void;

const cr = 13;
const nul = 0;

/**
 * Text in, lines out. CRLF is one line end; a lone CR (a progress bar) overwrites what stood before it on its line; a
 * line over 16 KiB goes on in the next one. Holds at most one such line, and looks at each character a fixed number of
 * times however long a line is.
 */
export class LineSplitter {
  readonly #masks: SecretMasks;
  /** What is not masked yet: a secret in it may go on in the next text. */
  #partial = '';
  /** Characters at its start that the last mask stands for. */
  #covered = 0;
  /** Before it: masked, and less than a line. */
  #masked = '';
  /** A CR ends what is held: the end of the line, or the next text overwrites it. */
  #hasReturned = false;
  /** Pieces of this line have been emitted. */
  #isContinued = false;
  #isSkipping = false;
  #skippedLength = 0;

  constructor(masks: SecretMasks) {
    this.#masks = masks;
  }

  push(text: string, emit: EmitLine): void {
    let from = 0;
    if (this.#isSkipping) {
      from = this.#skip(text);
      if (this.#isSkipping) return;
    }
    for (let end = text.indexOf('\n', from); end !== -1; end = text.indexOf('\n', from)) {
      this.#line(text, from, end, emit);
      from = end + 1;
    }
    if (from < text.length) this.#hold(text, from, text.length, emit);
  }

  /**
   * Text in between was left out. Of the half line before it what cannot be half a secret is kept, and the rest of the line
   * it ends in is ignored; but not for ever, for binary output has no line ends.
   */
  skipToNextLine(emit: EmitLine): void {
    if (!this.#isSkipping && this.#isHolding) {
      this.#masked += this.#masks.applyToStart(this.#partial, this.#covered).masked;
      this.#emitFull(emit);
      if (this.#masked !== '') emit(this.#masked, !this.#isContinued, false);
    }
    this.#forget();
    this.#isSkipping = true;
    this.#skippedLength = 0;
  }

  /** Where to go on. What is ignored may be the rest of a secret, or of an `::add-mask::` and its value. */
  #skip(text: string): number {
    const end = text.indexOf('\n');
    const left = maxLineBytes + maxAddedMaskLength + this.#masks.reach - this.#skippedLength;
    if (end === -1 && text.length <= left) {
      this.#skippedLength += text.length;
      return text.length;
    }
    this.#isSkipping = false;
    if (end !== -1) return end + 1;
    this.#isContinued = true;
    return left;
  }

  /** The end of the stream: what stands there without a line end is a line too. */
  end(emit: EmitLine): void {
    if (this.#isHolding && !this.#isSkipping) this.#finish(emit);
    this.#forget();
  }

  get #isHolding(): boolean {
    return this.#partial !== '' || this.#masked !== '';
  }

  #overwrite(text: string): void {
    this.#partial = text;
    this.#covered = 0;
    this.#masked = '';
  }

  #forget(): void {
    this.#overwrite('');
    this.#hasReturned = false;
    this.#isContinued = false;
  }

  #line(text: string, from: number, end: number, emit: EmitLine): void {
    const isWhole = !this.#isHolding && !this.#isContinued && !this.#hasReturned;
    if (isWhole && (end - from) * 3 <= maxLineBytes) {
      const line = text.slice(from, text.charCodeAt(end - 1) === cr && end > from ? end - 1 : end);
      if (!line.includes('\r')) {
        emit(this.#masks.isEmpty ? line : this.#masks.apply(line), true, true);
        return;
      }
    }
    this.#hold(text, from, end, emit);
    this.#finish(emit);
    this.#forget();
  }

  /** In pieces, so that a line of any length costs no more than its length. */
  #hold(text: string, from: number, end: number, emit: EmitLine): void {
    for (let at = from; at < end; at += maxLineBytes) {
      this.#take(text.slice(at, Math.min(end, at + maxLineBytes)));
      this.#cutHeld(emit);
    }
  }

  #take(piece: string): void {
    let from = 0;
    if (this.#hasReturned) {
      // Several CRs before a line end count as one, and so do zeros: half of a line end in UTF-16.
      while (from < piece.length && isReturn(piece.charCodeAt(from))) from += 1;
      if (from === piece.length) return;
      this.#overwrite('');
    }
    let end = piece.length;
    while (end > from && piece.charCodeAt(end - 1) === nul) end -= 1;
    const isEnding = end > from && piece.charCodeAt(end - 1) === cr;
    if (isEnding) while (end > from && isReturn(piece.charCodeAt(end - 1))) end -= 1;
    else end = piece.length;
    this.#hasReturned = isEnding;
    const overwritten = end === from ? -1 : piece.lastIndexOf('\r', end - 1);
    if (overwritten < from) this.#partial += piece.slice(from, end);
    else this.#overwrite(piece.slice(overwritten + 1, end));
  }

  #cutHeld(emit: EmitLine): void {
    // Twice as much as a secret could still need, so that each character is searched twice at most.
    if (this.#partial.length <= maxLineBytes + 2 * this.#masks.reach) return;
    const { masked, used, covered } = this.#masks.applyToStart(this.#partial, this.#covered);
    this.#masked += masked;
    this.#partial = this.#partial.slice(used);
    this.#covered = covered;
    this.#emitFull(emit);
  }

  #emitFull(emit: EmitLine): void {
    while (isOverLimit(this.#masked)) {
      const cut = cutAt(this.#masked);
      emit(this.#masked.slice(0, cut), !this.#isContinued, false);
      this.#isContinued = true;
      this.#masked = this.#masked.slice(cut);
    }
  }

  #finish(emit: EmitLine): void {
    const isMasked = this.#masks.isEmpty && this.#covered === 0;
    this.#masked += isMasked ? this.#partial : this.#masks.applyBehind(this.#partial, this.#covered);
    this.#emitFull(emit);
    emit(this.#masked, !this.#isContinued, true);
  }
}

const isReturn = (code: number): boolean => code === cr || code === nul;

const isOverLimit = (text: string): boolean =>
  text.length > maxLineBytes || (text.length * 3 > maxLineBytes && Buffer.byteLength(text) > maxLineBytes);

/** The largest cut within the limit of UTF-8 that splits no character. */
function cutAt(text: string): number {
  let cut = Math.min(text.length, maxLineBytes);
  for (let over = Buffer.byteLength(text.slice(0, cut)) - maxLineBytes; over > 0 && cut > 1; ) {
    cut -= Math.max(1, Math.ceil(over / 4));
    over = Buffer.byteLength(text.slice(0, cut)) - maxLineBytes;
  }
  const last = text.charCodeAt(cut - 1);
  return last >= 0xd800 && last <= 0xdbff && cut > 1 ? cut - 1 : cut;
}
