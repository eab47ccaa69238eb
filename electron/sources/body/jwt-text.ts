import type { Json } from '../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import type { IncomingRequest } from '../source-types.ts';
import { fieldOf, isJsonObject, type JsonObject } from './json-object.ts';
import { decodeUtf8, parseJson } from './json-text.ts';

/** Compact serialisations (RFC 7515 and 7516, section 7.1). The signature may be empty, to be refused for what it is. */
const jws = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const jwe = /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/;

export const isSignedToken = (text: string): boolean => jws.test(text);

export type FoundToken =
  | { kind: 'jws' | 'jwe'; token: string }
  | { kind: 'none'; value: Json | undefined; notes?: readonly DeliveryNote[] | undefined };

export const usualTokenFields = ['token', 'jwt', 'event', 'set', 'notification', 'data', 'payload', 'body'];

function readToken(text: string): FoundToken | null {
  const token = text.trim();
  if (jws.test(token)) return { kind: 'jws', token };
  return jwe.test(token) ? { kind: 'jwe', token } : null;
}

function findIn(value: Json, fields: readonly string[]): FoundToken | null {
  if (typeof value === 'string') return readToken(value);
  for (const field of fields) {
    const inner = fieldOf(value, field);
    const found = typeof inner === 'string' ? readToken(inner) : null;
    if (found !== null) return found;
  }
  return null;
}

/**
 * The token of a request: the body itself, a JSON string, or a field of a JSON object or form; whatever the content
 * type. Without one, `value` is the JSON that is there instead, if any.
 */
export function findToken(request: IncomingRequest, fields: readonly string[]): FoundToken {
  const text = decodeUtf8(request.body);
  if (text === null) return { kind: 'none', value: undefined };
  const bare = readToken(text);
  if (bare !== null) return bare;
  const parsed = /^\s*["{]/.test(text) ? parseJson(text) : null;
  if (parsed?.ok) {
    return findIn(parsed.value, fields) ?? { kind: 'none', value: parsed.value, notes: parsed.notes };
  }
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const found = findIn(Object.fromEntries(new URLSearchParams(text)), fields);
    if (found !== null) return found;
  }
  return { kind: 'none', value: undefined };
}

/** What a token says; the notes are on what was repaired to read it. */
export interface Claims {
  claims: JsonObject;
  notes?: readonly DeliveryNote[] | undefined;
}

/**
 * The claims of a signed token, without asking who signed it. jose parses them too, but would let through what the
 * store cannot hold (documents without end, half characters).
 */
export function decodeClaims(token: string): ({ ok: true } & Claims) | { ok: false; message: string } {
  const text = decodeUtf8(Buffer.from(token.split('.')[1] ?? '', 'base64url'));
  if (text === null) return { ok: false, message: 'the claims of the token are not UTF-8' };
  const parsed = parseJson(text, 'The token');
  if (!parsed.ok) return { ok: false, message: `the document of claims ${parsed.message}` };
  return isJsonObject(parsed.value)
    ? { ok: true, claims: parsed.value, notes: parsed.notes }
    : { ok: false, message: 'the claims of the token are not a JSON object' };
}
