import { decodedForms } from './decode-escapes.ts';

/** Shorter values would blank out half of every line, and guessing them takes no leak. */
export const minSecretLength = 3;
/**
 * Bytes from which on a secret is recognized in base64 and hex as well. Of five bytes base64 leaves six characters that
 * depend on nothing else, which ordinary text meets by chance: words of that length are in every line.
 */
export const minEncodedBytes = 6;
/** A longer one, such as a bundle of certificates, is recognized line by line alone: all its forms would take 15 times its size. */
export const maxEncodedBytes = 16 * 1024;

/** What a secret is replaced by. */
export const mask = '***';
/** Columns after which `base64` and MIME, and PEM, break lines. */
const lineWidths = [76, 64];

/**
 * The texts by which a secret is recognized: as it is and line by line, for output comes by lines; as the bytes that an
 * address escapes; and, from 6 bytes on, in hex and in base64 at any place of a longer value. None twice. Escapes and the
 * separators of a dump are taken off the text that is searched (`decodeEscapes`, `hexRuns`), so they need no forms.
 */
export function secretForms(secret: string): string[] {
  const value = secret.trim();
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const forms = [value, ...lines];
  const bytes = Buffer.from(value);
  if (value.length >= minSecretLength && bytes.length <= maxEncodedBytes) {
    forms.push(...addressForms(value, bytes), ...decodedForms(value), ...decodedForms(bytes.toString('latin1')));
  }
  if (bytes.length >= minEncodedBytes && bytes.length <= maxEncodedBytes) {
    forms.push(...hexForms(bytes), ...base64Forms(bytes));
  }
  return [...new Set(forms)].filter((form) => form.length >= minSecretLength && form !== mask);
}

/** An address escapes bytes of UTF-8, each of which is decoded to a character; a form writes `+` for a space. */
const addressForms = (value: string, bytes: Buffer): string[] =>
  [value, bytes.toString('latin1')].flatMap((form) => [form, form.replaceAll(' ', '+')]);

function hexForms(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase()];
}

/**
 * Within a longer value a secret stands at one of three places of base64's groups. Of each, the characters that depend
 * on the secret alone; those at its edges hold bits of its neighbors.
 */
function base64Forms(bytes: Buffer): string[] {
  const whole = bytes.toString('base64');
  const forms = [whole, whole.replace(/=+$/, '')];
  for (const before of [0, 1, 2]) {
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    forms.push(
      Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .slice(from, to),
    );
  }
  for (const width of lineWidths) forms.push(...wrapped(whole, width));
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** The lines of a text that is longer than one; a short last one says too little. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  if (text.length <= width) return lines;
  for (let from = 0; from < text.length; from += width) lines.push(text.slice(from, from + width));
  return lines.filter((line) => line.length >= 8);
}
