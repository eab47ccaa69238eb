import { isUtf8 } from 'node:buffer';

/**
 * Text of the head of a request as it was meant. Node gives its bytes beyond ASCII one character each, which makes
 * `GrÃ¶` of UTF-8; what is not UTF-8 is Latin-1 already.
 */
export function readRawText(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
}
