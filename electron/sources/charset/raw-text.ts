import { isUtf8 } from 'node:buffer';

/** Made once: every header of every delivery is tested. */
const beyondAscii = /[\x80-\xff]/;
const beyondLatin1 = /[^\0-\xff]/;

/**
 * Text of the head of a request as it was meant. Node gives its bytes beyond ASCII one character each, which makes
 * `GrÃ¶` of UTF-8; what is not UTF-8 is Latin-1 already.
 */
export function readRawText(text: string): string {
  if (!beyondAscii.test(text) || beyondLatin1.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
}
