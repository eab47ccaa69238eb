import { StringDecoder } from 'node:string_decoder';
import type { SecretMasks } from './secret-masks.ts';

/** Of UTF-8. */
export const maxLineBytes = 16 * 1024;

/**
 * Bytes in, lines out. UTF-8 may be cut anywhere; CRLF is one line end; a lone CR (a progress bar) overwrites what
 * stood before it on its line; a line over 16 KiB goes on in the next one. Holds at most one such line.
 */
export class LineSplitter {
  readonly #masks: SecretMasks;
  #decoder = new StringDecoder('utf8');
  #partial = '';
  #isSkipping = false;

  constructor(masks: SecretMasks) {
    this.#masks = masks;
  }

  push(chunk: Buffer, emit: (line: string) => void): void {
    let text = this.#decoder.write(chunk);
    if (this.#isSkipping) {
      const end = text.indexOf('\n');
      if (end === -1) return;
      this.#isSkipping = false;
      text = text.slice(end + 1);
    }
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      const line = this.#partial === '' ? text.slice(from, end) : this.#partial + text.slice(from, end);
      this.#partial = '';
      this.#emitLong(withoutOverwritten(line), emit);
      from = end + 1;
    }
    if (from < text.length) this.#hold(from === 0 ? text : text.slice(from), emit);
  }

  /** Bytes in between were dropped: forgets the half line before them and ignores the rest of the line they end in. */
  skipToNextLine(): void {
    this.#decoder = new StringDecoder('utf8');
    this.#partial = '';
    this.#isSkipping = true;
  }

  /** The end of the stream: what stands there without a line end is a line too. */
  end(emit: (line: string) => void): void {
    const rest = withoutOverwritten(this.#partial + this.#decoder.end());
    this.#partial = '';
    if (rest !== '' && !this.#isSkipping) this.#emitLong(rest, emit);
  }

  #hold(text: string, emit: (line: string) => void): void {
    let held = this.#partial + text;
    // The last character is left alone: a CR there may be half of a CRLF.
    const overwritten = held.lastIndexOf('\r', held.length - 2);
    if (overwritten !== -1) held = held.slice(overwritten + 1);
    // A secret may stand across the cut, so as much as it could still need stays behind.
    const keep = Math.max(0, this.#masks.longest - 1);
    while (held.length > maxLineBytes + keep) {
      held = this.#masks.apply(held);
      if (held.length <= maxLineBytes + keep) break;
      const cut = cutAt(held, maxLineBytes);
      emit(held.slice(0, cut));
      held = held.slice(cut);
    }
    this.#partial = held;
  }

  #emitLong(line: string, emit: (line: string) => void): void {
    let rest = this.#masks.isEmpty ? line : this.#masks.apply(line);
    while (rest.length * 3 > maxLineBytes && Buffer.byteLength(rest) > maxLineBytes) {
      const cut = cutAt(rest, maxLineBytes);
      emit(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
    emit(rest);
  }
}

function withoutOverwritten(line: string): string {
  if (!line.includes('\r')) return line;
  const trimmed = line.replace(/\r+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1);
}

/** The largest cut within `maxBytes` of UTF-8 that splits no character. */
function cutAt(text: string, maxBytes: number): number {
  let cut = Math.min(text.length, maxBytes);
  while (cut > 1 && Buffer.byteLength(text.slice(0, cut)) > maxBytes) {
    cut -= Math.max(1, Math.ceil((Buffer.byteLength(text.slice(0, cut)) - maxBytes) / 4));
  }
  const last = text.charCodeAt(cut - 1);
  return last >= 0xd800 && last <= 0xdbff && cut > 1 ? cut - 1 : cut;
}
