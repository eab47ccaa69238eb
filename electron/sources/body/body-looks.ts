/** `{` or `[` after white space: what a form never starts with, since it writes those as `%7B` and `%5B`. */
export function startsLikeJson(body: Buffer): boolean {
  for (const byte of body) {
    // White space, and what byte order marks, UTF-16 and UTF-32 have before or in it.
    if (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x00) continue;
    if (byte === 0xef || byte === 0xbb || byte === 0xbf || byte === 0xfe || byte === 0xff) continue;
    return byte === 0x7b || byte === 0x5b;
  }
  return false;
}

/** A name, an equals sign, and nothing that a form would have escaped. */
export const looksLikeForm = (body: Buffer): boolean =>
  /^[\w.%+*[\]-]{1,200}=[^\s"<>{}]*\s*$/.test(body.toString('latin1'));

/** A tag or declaration first, a tag last. */
export const looksLikeMarkup = (body: Buffer): boolean =>
  /^(?:\xef\xbb\xbf)?\s*<[?!A-Za-z]/.test(body.toString('latin1', 0, 200)) &&
  body
    .toString('latin1', Math.max(0, body.length - 200))
    .trimEnd()
    .endsWith('>');

/** Zeros and white space alone, or nothing: what senders leave after the end of a document. */
export const isPadding = (bytes: Buffer): boolean =>
  bytes.every((byte) => byte === 0 || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
