import { bytesOf } from '../../../browser/save-file.ts';

const maxBytes = 16_384;

/** Sixteen bytes a line: offset, hexadecimal, what can be printed. */
export function hexDump(body: { encoding: 'text' | 'base64'; data: string }): string {
  const bytes = body.encoding === 'text' ? new TextEncoder().encode(body.data) : bytesOf(body.data);
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, maxBytes); at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  if (bytes.length > maxBytes) lines.push(`… ${bytes.length - maxBytes} more bytes`);
  return lines.join('\n');
}
