import { maxHeadBytes } from '../channel-limits.ts';

export interface KeptLine {
  order: number;
  atMs: number;
  text: string;
  bytes: number;
}

/** What an empty line costs: a flood of them must meet the limit as well. */
const lineOverheadBytes = 8;

/** One stream within its limit: its head as it came, then the latest of the rest. Holds only what is not stored yet. */
export class OutputTrack {
  readonly tailBytes: number;
  readonly headBytes: number;
  #headLeft: number;
  #head: KeptLine[] = [];
  #tail: KeptLine[] = [];
  #tailFrom = 0;
  #tailHeldBytes = 0;
  #stored: { n: number; bytes: number }[] = [];
  #storedBytes = 0;
  #isCut = false;

  constructor(limitBytes: number) {
    this.headBytes = Math.min(maxHeadBytes, Math.floor(limitBytes / 4));
    this.#headLeft = this.headBytes;
    this.tailBytes = limitBytes - this.headBytes;
  }

  /** Lines of the middle are gone, or will be once what is held is stored. */
  get hasDropped(): boolean {
    const first = this.#stored[0];
    return (
      this.#isCut || (first !== undefined && this.#storedBytes + this.#tailHeldBytes - first.bytes >= this.tailBytes)
    );
  }

  get hasHeadRoom(): boolean {
    return this.#headLeft > 0;
  }

  add(line: { order: number; atMs: number; text: string }): void {
    const bytes = Buffer.byteLength(line.text) + lineOverheadBytes;
    if (this.#headLeft >= bytes) {
      this.#headLeft -= bytes;
      this.#head.push({ ...line, bytes });
      return;
    }
    // From here on everything is tail: a later, shorter line must not slip in front of it.
    this.#headLeft = 0;
    this.#tail.push({ ...line, bytes });
    this.#tailHeldBytes += bytes;
    while (this.#tailHeldBytes > this.tailBytes && this.#tailFrom < this.#tail.length - 1) {
      this.#tailHeldBytes -= this.#tail[this.#tailFrom]?.bytes ?? 0;
      this.#tailFrom += 1;
      this.#isCut = true;
    }
    if (this.#tailFrom > 4096 && this.#tailFrom * 2 > this.#tail.length) {
      this.#tail = this.#tail.slice(this.#tailFrom);
      this.#tailFrom = 0;
    }
  }

  /** Hands out what is not stored yet. */
  take(): { head: KeptLine[]; tail: KeptLine[] } {
    const taken = { head: this.#head, tail: this.#tailFrom === 0 ? this.#tail : this.#tail.slice(this.#tailFrom) };
    this.#head = [];
    this.#tail = [];
    this.#tailFrom = 0;
    this.#tailHeldBytes = 0;
    return taken;
  }

  /** A chunk of the tail was stored: answers which stored chunks the tail can now do without. */
  stored(n: number, bytes: number): number[] {
    this.#stored.push({ n, bytes });
    this.#storedBytes += bytes;
    const dropped: number[] = [];
    for (
      let first = this.#stored[0];
      first !== undefined && this.#storedBytes - first.bytes >= this.tailBytes;
      first = this.#stored[0]
    ) {
      dropped.push(first.n);
      this.#storedBytes -= first.bytes;
      this.#stored.shift();
      this.#isCut = true;
    }
    return dropped;
  }
}
