/** What bytes that are not valid UTF-8 hold, and how they read as UTF-8 all the same. */
interface BrokenUtf8 {
  /** UTF-8: surrogates that were written as characters joined, and U+FFFD for each broken character. */
  repaired: Buffer;
  /** Characters of several bytes that are right. */
  whole: number;
  /** Characters of four bytes that are cut after two or three. */
  cut: number;
  /** Pairs of surrogates of three bytes each (CESU-8, MySQL's and Oracle's old utf8, Java), and halves of such. */
  pairs: number;
  halves: number;
  /** First bytes of a character without enough behind them; in windows-1252 they are letters such as `é`. */
  heads: number;
  /** Of these, the ones that a cut text ends with: C2 to C5 before a quote, a tag or the end. */
  endHeads: number;
  /** Bytes that cannot be where they are; in windows-1252 letters such as `ü` and typographic quotes. */
  strays: number;
  /** U+FFFD in place of something. */
  replaced: number;
}

const replacement = Buffer.from('\ufffd');

const isTail = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x80 && byte <= 0xbf;

/** The second byte decides whether a first one starts a character (Unicode, table 3-7). */
function isSecond(head: number, second: number | undefined): boolean {
  if (!isTail(second) || second === undefined) return false;
  if (head === 0xe0) return second >= 0xa0;
  if (head === 0xed) return second <= 0x9f;
  if (head === 0xf0) return second >= 0x90;
  return head !== 0xf4 || second <= 0x8f;
}

/** Bytes of the character that this first byte starts; 0 when it starts none. */
function lengthOf(head: number): number {
  if (head >= 0xc2 && head <= 0xdf) return 2;
  if (head >= 0xe0 && head <= 0xef) return 3;
  return head >= 0xf0 && head <= 0xf4 ? 4 : 0;
}

/** Half of a surrogate pair as three bytes: its code, or null. */
function surrogateAt(bytes: Buffer, at: number): number | null {
  const second = bytes[at + 1] ?? 0;
  if (bytes[at] !== 0xed || second < 0xa0 || !isTail(second) || !isTail(bytes[at + 2])) return null;
  return 0xd000 | ((second & 0x3f) << 6) | ((bytes[at + 2] ?? 0) & 0x3f);
}

const isLow = (code: number | null): code is number => code !== null && code >= 0xdc00;

/** What a text that was cut goes on with: the end, a quote, an escape, a tag or the next field. */
const isAfterCut = (byte: number | undefined): boolean =>
  byte === undefined || '"\'\\<&\0'.includes(String.fromCharCode(byte));

export function readBrokenUtf8(bytes: Buffer): BrokenUtf8 {
  const found = { whole: 0, cut: 0, pairs: 0, halves: 0, heads: 0, endHeads: 0, strays: 0, replaced: 0 };
  const pieces: Buffer[] = [];
  let done = 0;
  /** In place of `sizeBytes` from `at` on. */
  function put(at: number, sizeBytes: number, piece: Buffer): number {
    pieces.push(bytes.subarray(done, at), piece);
    done = at + sizeBytes;
    if (piece === replacement) found.replaced++;
    return done;
  }
  for (let at = 0; at < bytes.length; ) {
    const head = bytes[at] ?? 0;
    if (head < 0x80) {
      at++;
      continue;
    }
    const surrogate = surrogateAt(bytes, at);
    if (surrogate !== null) {
      const low = isLow(surrogate) ? null : surrogateAt(bytes, at + 3);
      if (isLow(low)) {
        found.pairs++;
        at = put(at, 6, Buffer.from(String.fromCharCode(surrogate, low)));
      } else {
        found.halves++;
        at = put(at, 3, replacement);
      }
      continue;
    }
    const length = lengthOf(head);
    let size = 1;
    if (length > 1 && isSecond(head, bytes[at + 1])) {
      size = 2;
      while (size < length && isTail(bytes[at + size])) size++;
    }
    if (size === length) {
      found.whole++;
      at += size;
      continue;
    }
    if (length === 4 && size > 1) found.cut++;
    else if (length === 0) found.strays++;
    else if (size === 1) {
      found.heads++;
      if (head <= 0xc5 && isAfterCut(bytes[at + 1])) found.endHeads++;
    }
    at = put(at, size, replacement);
  }
  return { repaired: Buffer.concat([...pieces, bytes.subarray(done)]), ...found };
}

/**
 * Whether such bytes are UTF-8 with a few broken characters (a sender cut a text in the middle of one) rather than text
 * of one byte a character, where two high bytes rarely happen to be a character of UTF-8. Where the sender names UTF-8, or
 * the rest is that, only what has no sign of it is taken for something else.
 */
export function isLikelyUtf8(
  { whole, cut, pairs, halves, heads, endHeads, strays }: BrokenUtf8,
  leansUtf8: boolean,
): boolean {
  const signs = whole + cut + pairs + halves;
  const against = heads + 2 * strays;
  if (signs > 0) return (leansUtf8 ? 5 * signs : signs) >= against;
  return leansUtf8 && strays === 0 && heads === endHeads;
}
