import iconv from 'iconv-lite';

export type WideEncoding = 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

export interface FoundWide {
  encoding: WideEncoding;
  hasMark: boolean;
}

const wide = new Set<string>(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] satisfies WideEncoding[]);

/** Of two or four bytes a character: ASCII in it is no ASCII. */
export const isWide = (encoding: string | null): encoding is WideEncoding => encoding !== null && wide.has(encoding);

/** Bytes of one unit. */
export const unitBytes = (encoding: WideEncoding): number => (encoding.startsWith('utf-16') ? 2 : 4);

/** Whether the units at the beginning are ASCII: one byte that is not 0 in each, at the same place. */
function hasAsciiUnits(bytes: Buffer, unit: number, at: number): boolean {
  const end = Math.min(bytes.length - (bytes.length % unit), 4 * unit);
  if (end < Math.max(unit, 4)) return false;
  for (let i = 0; i < end; i++) if ((bytes[i] === 0) === (i % unit === at)) return false;
  return true;
}

/** UTF-16 or UTF-32 by its byte order mark, or by the zeros that ASCII has in it. */
export function detectWide(bytes: Buffer): FoundWide | null {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) {
    return { encoding: third === 0 && fourth === 0 ? 'utf-32le' : 'utf-16le', hasMark: true };
  }
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', hasMark: true };
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return { encoding: 'utf-32be', hasMark: true };
  if (first !== 0 && second !== 0) return null;
  if (hasAsciiUnits(bytes, 2, 0)) return { encoding: 'utf-16le', hasMark: false };
  if (hasAsciiUnits(bytes, 2, 1)) return { encoding: 'utf-16be', hasMark: false };
  if (hasAsciiUnits(bytes, 4, 0)) return { encoding: 'utf-32le', hasMark: false };
  return hasAsciiUnits(bytes, 4, 3) ? { encoding: 'utf-32be', hasMark: false } : null;
}

export const encodeWide = (text: string, { encoding, hasMark }: FoundWide): Buffer =>
  iconv.encode(text, encoding, { addBOM: hasMark });
