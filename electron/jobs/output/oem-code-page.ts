import { spawnSync } from 'node:child_process';
import iconv from 'iconv-lite';

const utf8CodePage = 65_001;

/**
 * Code page of the Windows console, from what `reg query` prints of it: `OEMCP    REG_SZ    850`. Null where that says
 * nothing, where it is UTF-8, and for a code page that cannot be decoded.
 */
export function readCodePage(printed: string): number | null {
  const codePage = Number(/\bOEMCP\s+REG_SZ\s+(\d{3,5})\b/.exec(printed)?.[1] ?? Number.NaN);
  return Number.isNaN(codePage) || codePage === utf8CodePage || !iconv.encodingExists(`cp${codePage}`)
    ? null
    : codePage;
}

/** Streaming. `codePage` comes from `readCodePage`. */
export const oemDecoder = (codePage: number): { write(bytes: Buffer): string; end(): string } => {
  const decoder = iconv.getDecoder(`cp${codePage}`);
  return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '' };
};

let known: number | null | undefined;

/** Of this system; asked once. Null anywhere but on Windows. */
export function oemCodePage(): number | null {
  if (known !== undefined) return known;
  known = null;
  if (process.platform === 'win32') {
    const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Nls\\CodePage';
    const { stdout } = spawnSync('reg', ['query', key, '/v', 'OEMCP'], { windowsHide: true, encoding: 'latin1' });
    known = readCodePage(typeof stdout === 'string' ? stdout : '');
  }
  return known;
}
