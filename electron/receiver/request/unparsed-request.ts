import type { Refusal } from '../answer/answer.ts';
import type { RequestHead } from './request-record.ts';
import { targetPattern } from './target.ts';

/** A request that Node's parser did not take, as far as it can be read without one. */
export interface UnparsedRequest {
  head: RequestHead & { url: string };
  body: Buffer;
  refusal: Refusal;
}

/** An error of Node's parser, with the packet in which it met what it does not take. */
export interface ParserError extends Error {
  code?: string;
  rawPacket?: Buffer;
  bytesParsed?: number;
}

const bad = (code: string, message: string): Refusal => ({ status: 400, code, message });

/** Any byte for any byte, so that an address is kept as sent. */
const requestLine = /^([A-Z]{1,20}) (\S.*?)(?: HTTP\/\d\.\d)?\r?\n/;

function explainTarget(url: string): Refusal | null {
  const control = [...Buffer.from(url, 'latin1')].find((byte) => byte < 0x20 || byte === 0x7f);
  if (control !== undefined) {
    const escaped = `%${control.toString(16).toUpperCase().padStart(2, '0')}`;
    return bad('bad_target', `the address in the request line holds a control character: write it as ${escaped}`);
  }
  if (/[^\x20-\x7e]/.test(url)) {
    const isUtf8 = !Buffer.from(url, 'latin1').toString('utf8').includes('\ufffd');
    const example = isUtf8 ? 'ü as %C3%BC' : 'each as % and two hexadecimal digits';
    return bad(
      'bad_target',
      `the address in the request line holds characters outside ASCII, which must be percent-encoded (${example})`,
    );
  }
  if (url.includes(' ')) return bad('bad_target', 'the address in the request line holds a space: write it as %20');
  return null;
}

/** What an error of the parser is answered with when the request itself cannot be read. */
export function parserRefusal(code: string | undefined): Refusal {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, code: 'headers_too_large', message: 'the headers are too large' };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, code: 'body_too_large', message: 'the chunk extensions of the body are too large' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, code: 'request_timeout', message: 'the request did not arrive in time' };
    default:
      return bad('bad_request', 'this is not a valid HTTP request');
  }
}

function explain(code: string | undefined, url: string): Refusal {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return parserRefusal(code);
    case 'HPE_UNEXPECTED_CONTENT_LENGTH':
      return bad('duplicate_length', 'the request has more than one Content-Length header, or one beside chunks');
    case 'HPE_INVALID_TRANSFER_ENCODING':
      return bad(
        'ambiguous_length',
        'the request has both Content-Length and Transfer-Encoding, or one that is unknown',
      );
    case 'HPE_INVALID_CONTENT_LENGTH':
      return bad('bad_length', 'the header Content-Length is not a number, or is sent beside Transfer-Encoding');
    case 'HPE_INVALID_HEADER_TOKEN':
      return bad('bad_header', 'a header of the request has a character that is not allowed in its name or its value');
    case 'HPE_INVALID_URL':
    case 'HPE_INVALID_CONSTANT':
      return explainTarget(url) ?? bad('bad_target', 'the request line is not "METHOD address HTTP/1.1"');
    default:
      return bad('bad_request', `this is not a valid HTTP request (${code ?? 'unknown'})`);
  }
}

/**
 * What was sent to a source, so that it can be kept with the reason; null for anything else. Only what came in the same
 * packet as the mistake is known. Autocorrecting instead would hide from those before us what we read (RFC 9112 section 3).
 */
export function readUnparsed({ code, rawPacket }: ParserError): UnparsedRequest | null {
  if (rawPacket === undefined) return null;
  const text = rawPacket.toString('latin1');
  const line = requestLine.exec(text);
  const [whole = '', method = '', url = ''] = line ?? [];
  if (line === null || !targetPattern.test(url)) return null;
  const end = /\r?\n\r?\n/g;
  end.lastIndex = Math.max(0, whole.length - 2);
  const blank = end.exec(text);
  const headEnd = blank?.index ?? text.length;
  const rawHeaders = text
    .slice(whole.length, Math.max(whole.length, headEnd))
    .split(/\r?\n/)
    .flatMap((header) => {
      const colon = header.indexOf(':');
      return colon < 1 ? [] : [header.slice(0, colon).trim(), header.slice(colon + 1).trim()];
    });
  return {
    head: { method, url, rawHeaders },
    body: blank === null ? Buffer.alloc(0) : rawPacket.subarray(end.lastIndex),
    refusal: explain(code, url),
  };
}
