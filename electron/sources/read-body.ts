import { decodeUtf8, parseJson } from './json-text.ts';
import type { FormFields, FormValue, ReadBody } from './source-types.ts';

interface ContentType {
  /** Lower case, without parameters; empty when there is none. */
  mediaType: string;
  charset: string | null;
}

function parseContentType(header: string): ContentType {
  const semicolon = header.indexOf(';');
  if (semicolon === -1) return { mediaType: header.trim().toLowerCase(), charset: null };
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(header)?.[1] ?? null;
  return { mediaType: header.slice(0, semicolon).trim().toLowerCase(), charset: charset?.toLowerCase() ?? null };
}

const isJson = (mediaType: string): boolean =>
  mediaType === 'application/json' || mediaType === 'text/json' || mediaType.endsWith('+json');

/** Own properties whatever the names: a field called `__proto__` is only a field. */
function collectFields(entries: Iterable<[string, FormValue]>): FormFields {
  const fields = new Map<string, FormValue | FormValue[]>();
  for (const [name, value] of entries) {
    const earlier = fields.get(name);
    if (earlier === undefined) fields.set(name, value);
    else if (Array.isArray(earlier)) earlier.push(value);
    else fields.set(name, [earlier, value]);
  }
  return Object.fromEntries(fields);
}

/** Fields of a query or of an urlencoded form. */
export const queryFields = (query: URLSearchParams): FormFields => collectFields(query);

function* multipartEntries(form: FormData): Generator<[string, FormValue]> {
  for (const [name, value] of form.entries()) {
    yield typeof value === 'string'
      ? [name, value]
      : [name, { filename: value.name, contentType: value.type, sizeBytes: value.size }];
  }
}

async function readMultipart(body: Buffer, contentType: string): Promise<ReadBody> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
    return { kind: 'form', fields: collectFields(multipartEntries(form)) };
  } catch {
    // The platform's parser says no more than that it failed.
    return {
      kind: 'problem',
      message: 'the body is not valid multipart/form-data: check its boundary and that each part is complete',
    };
  }
}

/** Text in another charset than UTF-8, as its sender declares it. */
function decodeText(body: Buffer, charset: string | null): ReadBody {
  if (charset !== null && charset !== 'utf-8' && charset !== 'utf8') {
    try {
      return { kind: 'text', text: new TextDecoder(charset, { fatal: true }).decode(body) };
    } catch {
      return { kind: 'problem', message: `the body cannot be read as text in the charset "${charset.slice(0, 40)}"` };
    }
  }
  const text = decodeUtf8(body);
  return text === null
    ? { kind: 'problem', message: 'the body is not valid UTF-8: name its charset in the Content-Type header' }
    : { kind: 'text', text };
}

/** `{` or `[` after white space: what a form never starts with, since it writes those as `%7B` and `%5B`. */
function startsLikeJson(body: Buffer): boolean {
  for (const byte of body) {
    if (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0xef || byte === 0xbb) continue;
    if (byte === 0xbf) continue;
    return byte === 0x7b || byte === 0x5b;
  }
  return false;
}

/**
 * Reads a body by its content type. JSON is also taken where the type says otherwise or nothing, as long as it parses:
 * `curl -d '{…}'` says it is a form, and several senders post JSON as text/plain. Markup stays text.
 */
export function readBody(body: Buffer, contentTypeHeader: string | undefined): ReadBody | Promise<ReadBody> {
  if (body.length === 0) return { kind: 'none' };
  const header = contentTypeHeader ?? '';
  const { mediaType, charset } = parseContentType(header);
  if (isJson(mediaType)) {
    const text = decodeUtf8(body);
    // RFC 8259 section 8.1: JSON between systems is UTF-8, whatever a charset parameter says.
    if (text === null) return { kind: 'problem', message: 'the body is not valid UTF-8, which JSON must be' };
    const parsed = parseJson(text);
    return parsed.ok
      ? { kind: 'json', value: parsed.value, text }
      : { kind: 'problem', message: `the body ${parsed.message}` };
  }
  if (mediaType === 'multipart/form-data') return readMultipart(body, header);
  const isMarkup = mediaType.endsWith('/xml') || mediaType.endsWith('+xml') || mediaType === 'text/html';
  if (!isMarkup && startsLikeJson(body)) {
    const text = decodeUtf8(body);
    const parsed = text === null ? null : parseJson(text);
    if (text !== null && parsed?.ok) return { kind: 'json', value: parsed.value, text };
  }
  if (mediaType === 'application/x-www-form-urlencoded') {
    const text = decodeUtf8(body);
    return text === null
      ? { kind: 'problem', message: 'the form is not valid UTF-8' }
      : { kind: 'form', fields: queryFields(new URLSearchParams(text)) };
  }
  return decodeText(body, charset);
}
