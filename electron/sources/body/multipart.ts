import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';

/** One part of a multipart body: its headers in lower case, one character a byte, and its bytes as they were sent. */
export interface MultipartPart {
  headers: Readonly<Record<string, string>>;
  bytes: Buffer;
}

export interface Multipart {
  parts: MultipartPart[];
  notes: DeliveryNote[];
}

const lf = 0x0a;
const cr = 0x0d;
const dash = 0x2d;
const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09;

interface Delimiter {
  /** Where its line begins. */
  at: number;
  /** Where what follows it begins. */
  end: number;
  isLast: boolean;
  isBareLf: boolean;
}

/** The next line that is the boundary, from `from` on. */
function findDelimiter(body: Buffer, line: Buffer, from: number): Delimiter | null {
  for (let at = body.indexOf(line, from); at !== -1; at = body.indexOf(line, at + 1)) {
    if (at > 0 && body[at - 1] !== lf) continue;
    let end = at + line.length;
    const isLast = body[end] === dash && body[end + 1] === dash;
    if (isLast) end += 2;
    while (isBlank(body[end])) end++;
    if (end >= body.length) return { at, end: body.length, isLast, isBareLf: false };
    if (body[end] === lf) return { at, end: end + 1, isLast, isBareLf: true };
    if (body[end] === cr && body[end + 1] === lf) return { at, end: end + 2, isLast, isBareLf: false };
    if (isLast) return { at, end, isLast, isBareLf: false };
  }
  return null;
}

/** The position before the line end that precedes `end`, which belongs to the delimiter there. */
function beforeLineEnd(body: Buffer, start: number, end: number): number {
  if (end <= start || body[end - 1] !== lf) return end;
  return end - 1 > start && body[end - 2] === cr ? end - 2 : end - 1;
}

/** Where the content of a part that was never closed ends: before the beginning of a closing line, if it has one. */
function endOfCut(body: Buffer, line: Buffer, start: number): number {
  const tail = body.lastIndexOf(lf) + 1;
  const closing = Buffer.concat([line, Buffer.from('--')]);
  const isCutLine =
    tail > start && tail < body.length && closing.subarray(0, body.length - tail).equals(body.subarray(tail));
  return beforeLineEnd(body, start, isCutLine ? tail : body.length);
}

/** The boundary that the first line of a body names, for a header without it or with another. */
function guessBoundary(body: Buffer): string | null {
  const first = /^\s*--([!-~][ -~]{0,199}?)[ \t]*\r?\n/.exec(body.toString('latin1', 0, 400));
  return first?.[1] ?? null;
}

function readPart(body: Buffer, start: number, end: number): MultipartPart {
  const headers: Record<string, string> = Object.create(null);
  let at = start;
  let name = '';
  while (at < end) {
    const found = body.indexOf(lf, at);
    const next = found === -1 || found >= end ? end : found;
    const line = body.toString('latin1', at, next > at && body[next - 1] === cr ? next - 1 : next);
    at = Math.min(next + 1, end);
    if (line === '') break;
    const colon = line.indexOf(':');
    // A long header may go on in a line that starts with white space (RFC 822).
    if (isBlank(line.charCodeAt(0)) && name !== '') headers[name] += ` ${line.trim()}`;
    else if (colon > 0) {
      name = line.slice(0, colon).trim().toLowerCase();
      headers[name] = line.slice(colon + 1).trim();
    }
  }
  return { headers, bytes: body.subarray(at, end) };
}

/**
 * The parts of a multipart body (RFC 2046 section 5.1), or null when there is no boundary in it. Our own, since none of
 * busboy 1.6, @fastify/busboy 3.2, @remix-run/multipart-parser 0.16 and the platform's `formData()` reads a body with
 * bare line feeds or without its closing boundary; all of those are sent. A body is here as a whole, so that a part is
 * a view of it and costs no copy.
 */
export function parseMultipart(body: Buffer, boundary: string | null): Multipart | null {
  const notes: DeliveryNote[] = [];
  let line = Buffer.from(`--${boundary ?? ''}`, 'latin1');
  let open = boundary === null || boundary === '' ? null : findDelimiter(body, line, 0);
  if (open === null) {
    const guessed = guessBoundary(body);
    if (guessed === null) return null;
    line = Buffer.from(`--${guessed}`, 'latin1');
    open = findDelimiter(body, line, 0);
    if (open === null) return null;
    const named = boundary === null ? 'names no boundary' : 'names a boundary that is not in the body';
    const message = `The multipart Content-Type ${named}; that of its first line was used.`;
    notes.push({ code: 'multipart_boundary', message });
  }
  if (/\S/.test(body.toString('latin1', 0, open.at))) {
    const message = `The multipart body has ${open.at} bytes before its first boundary, which are not in the event.`;
    notes.push({ code: 'multipart_preamble', message });
  }
  const parts: MultipartPart[] = [];
  let hasBareLf = open.isBareLf;
  while (!open.isLast) {
    const next = findDelimiter(body, line, open.end);
    const end: number = next === null ? endOfCut(body, line, open.end) : beforeLineEnd(body, open.end, next.at);
    if (next !== null || end > open.end) parts.push(readPart(body, open.end, end));
    if (next === null) {
      const message = 'The multipart body has no closing boundary; its last part may be incomplete.';
      notes.push({ code: 'multipart_not_closed', message });
      break;
    }
    hasBareLf ||= next.isBareLf;
    open = next;
  }
  if (hasBareLf) {
    const message = 'The multipart body has bare line feeds for line ends, where CR LF belongs.';
    notes.push({ code: 'multipart_line_ends', message });
  }
  if (open.isLast && /\S/.test(body.toString('latin1', open.end))) {
    const message = `The multipart body has ${body.length - open.end} bytes after its closing boundary, which are not in the event.`;
    notes.push({ code: 'multipart_epilogue', message });
  }
  return { parts, notes };
}
