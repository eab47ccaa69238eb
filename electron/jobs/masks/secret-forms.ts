/** Shorter values would blank out half of every line, and guessing them takes no leak. */
export const minSecretLength = 3;
/**
 * Bytes from which on a secret is recognized in base64 and hex as well. Of five bytes base64 leaves six characters that
 * depend on nothing else, which ordinary text meets by chance: words of that length are in every line.
 */
export const minEncodedBytes = 6;
/** A longer one, such as a bundle of certificates, is recognized line by line alone: all its forms would take 25 times its size. */
export const maxEncodedBytes = 16 * 1024;

/** What a secret is replaced by. */
export const mask = '***';
/** Columns after which `base64` and MIME, and PEM, break lines. */
const lineWidths = [76, 64];

/**
 * The texts by which a secret is recognized: as it is and line by line, for output comes by lines; escaped as in JSON or
 * an address; and, from 6 bytes on, in hex and in base64 at any place of a longer value. None twice.
 */
export function secretForms(secret: string): string[] {
  const value = secret.trim();
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const forms = [value, ...lines];
  const bytes = Buffer.from(value);
  if (value.length >= minSecretLength && bytes.length <= maxEncodedBytes) {
    forms.push(...jsonForms(value), ...addressForms(value));
  }
  if (bytes.length >= minEncodedBytes && bytes.length <= maxEncodedBytes) {
    forms.push(...hexForms(bytes), ...base64Forms(bytes));
  }
  return [...new Set(forms)].filter((form) => form.length >= minSecretLength && form !== mask);
}

const replaceChars = (text: string, pattern: RegExp, replacement: (code: number) => string): string =>
  text.replace(pattern, (char) => replacement(char.charCodeAt(0)));

/** With and without `\/`, and with everything beyond ASCII as `\uXXXX` in either case, as other writers have it. */
function jsonForms(value: string): string[] {
  const plain = JSON.stringify(value).slice(1, -1);
  const printUnit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;
  const ascii = replaceChars(plain, /[\u007f-\uffff]/g, printUnit);
  const upper = replaceChars(plain, /[\u007f-\uffff]/g, (code) => `\\u${printUnit(code).slice(2).toUpperCase()}`);
  return [plain, ascii, upper].flatMap((form) => [form, form.replaceAll('/', '\\/')]);
}

function addressForms(value: string): string[] {
  // A lone surrogate cannot be encoded; what is printed of it is U+FFFD.
  const text = Buffer.from(value).toString();
  const component = encodeURIComponent(text);
  const percent = (code: number): string => `%${code.toString(16).toUpperCase()}`;
  const strict = replaceChars(component, /[!'()*]/g, percent);
  const query = new URLSearchParams([['', text]]).toString().slice(1);
  const all = [component, encodeURI(text), strict, strict.replaceAll('%2F', '/'), query];
  all.push(...all.map((form) => form.replaceAll('%20', '+')));
  return all.flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

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
