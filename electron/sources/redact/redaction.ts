import { z } from 'zod';
import type { Json } from '../../../shared/contract/common.ts';
import type { PresetField } from '../../../shared/contract/sources.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { DeliveryDraft } from '../../intake/intake-types.ts';
import { looksLikeForm, startsLikeJson } from '../body/body-looks.ts';
import { isJsonType, parseContentType } from '../body/content-type.ts';
import { pairDecoder } from '../body/form-fields.ts';
import { isJsonObject } from '../body/json-object.ts';
import { decodeUtf8, parseJson, parsePaddedJson } from '../body/json-text.ts';
import { multipartFields } from '../body/multipart-form.ts';
import { decodeText } from '../charset/charset.ts';
import { detectWide, encodeWide, type FoundWide } from '../charset/wide-charsets.ts';

/** A preset's `event.redact`. */
export const redactSchema = z
  .array(z.string().min(1, 'must not be empty').max(100, 'must be at most 100 characters'))
  .max(50, 'must be at most 50 names');

export const redactField: PresetField = {
  path: 'event.redact',
  label: 'Fields to mask',
  kind: 'list',
  example: 'password',
  help:
    'Names of fields, at any depth, whose values are replaced by *** before anything is stored, shown or ' +
    'passed to a job. Not case-sensitive. The field _accessToken and bearer tokens in any text are always ' +
    'masked.',
};

export interface Redaction {
  /** The same value when nothing in it is secret, else a copy. */
  json(value: Json): Json;
  /** Masks body, headers and query of what will be stored, in place. */
  delivery(draft: DeliveryDraft): void;
}

const mask = '***';
const always = ['_accessToken'];

/**
 * The token of an `Authorization` header (RFC 6750 section 2.1) anywhere in a text. At least 16 characters, so that
 * prose about bearer shares stays; a backslash, because some senders write `\/` in JSON.
 */
const bearer = /\b(bearer {1,3})[A-Za-z0-9._~+/\\-]{16,}=*/gi;
const maskBearer = (text: string): string => text.replace(bearer, `$1${mask}`);

/** Documents inside one form that are read; a form of more of them is not what any sender writes. */
const maxDocuments = 100;

const escapeRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Bytes as text with one character a byte, so that what is not masked stays as it was whatever its encoding. */
const asLatin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** Position after the JSON string that starts at `start`, or the end of the text when it never closes. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

/** Masks what should not be kept, in JSON, forms and whatever else holds it in the same words. */
export function createRedaction(names: readonly string[]): Redaction {
  const all = [...new Set([...always, ...names].map((name) => name.toLowerCase()))];
  const secret = new Set(all);
  const alternatives = all.map((name) => escapeRegex(asLatin1(name))).join('|');
  const jsonField = new RegExp(`"(?:${alternatives})"\\s*:\\s*`, 'gi');
  // Bounded repeats: a body of a million "content-disposition:" must not be read to its end a million times.
  const multipartField = new RegExp(
    `(content-disposition:[^\\r\\n]{0,200}?\\bname="?(?:${alternatives})"?(?:;[^\\r\\n]{0,200})?\\r?\\n` +
      '(?:[^\\r\\n]{1,200}\\r?\\n){0,8}\\r?\\n)[\\s\\S]*?(?=\\r?\\n--|$)',
    'gi',
  );
  // An escape may spell a name (`"pass\u0077ord"`, `pass%77ord`), so those too are looked at closely.
  // Capitals beyond ASCII are not told apart in bytes.
  const beyondAscii = all.some((name) => /[^\x20-\x7e]/.test(name)) ? '|[\\x80-\\xff]' : '';
  const suspicious = new RegExp(`bearer |\\\\u|%|${alternatives}${beyondAscii}`, 'i');

  function redactJson(value: Json): Json {
    if (typeof value === 'string') return maskBearer(value);
    if (Array.isArray(value)) {
      const copy = value.map(redactJson);
      return copy.some((inner, i) => inner !== value[i]) ? copy : value;
    }
    if (!isJsonObject(value)) return value;
    let isChanged = false;
    const entries = Object.entries(value).map(([name, inner]): [string, Json] => {
      const kept = secret.has(name.toLowerCase()) && inner !== null ? mask : redactJson(inner);
      if (kept !== inner) isChanged = true;
      return [name, kept];
    });
    return isChanged ? Object.fromEntries(entries) : value;
  }

  /** Letter for letter except the masked values; works on broken JSON too. */
  function redactJsonText(text: string): string {
    let result = '';
    let done = 0;
    for (const match of text.matchAll(jsonField)) {
      const start = match.index + match[0].length;
      if (match.index < done || text[start] !== '"') continue;
      result += `${text.slice(done, start)}"${mask}"`;
      done = endOfString(text, start);
    }
    return maskBearer(result + text.slice(done));
  }

  /** `text` and what comes back have one character a byte. */
  function redactForm(text: string, charset: string | null): string {
    let decode: ((escaped: string) => string) | undefined;
    function decodePart(part: string): string {
      if (/^[!-$&-*,-~ ]*$/.test(part)) return part;
      decode ??= pairDecoder(Buffer.from(text, 'latin1'), charset);
      return decode(part);
    }
    let parsedCount = 0;
    function redactValue(value: string): string {
      if (!/^\s*[[{]/.test(value) || !suspicious.test(asLatin1(value))) return maskBearer(value);
      parsedCount++;
      if (parsedCount > maxDocuments) return mask;
      const parsed = parseJson(value);
      if (!parsed.ok) return Buffer.from(redactJsonText(asLatin1(value)), 'latin1').toString('utf8');
      const kept = redactJson(parsed.value);
      return kept === parsed.value ? value : stringifyExact(kept);
    }
    const parts = text.split('&').map((part) => {
      const equals = part.indexOf('=');
      if (equals === -1) return part;
      const value = decodePart(part.slice(equals + 1));
      const isSecret = secret.has(decodePart(part.slice(0, equals)).toLowerCase());
      const kept = isSecret && value !== '' ? mask : redactValue(value);
      if (kept === value) return part;
      return `${part.slice(0, equals)}=${kept === mask ? mask : encodeURIComponent(kept)}`;
    });
    return parts.join('&');
  }

  /** The parts of a multipart body that only a parser finds: names in another charset, JSON with more than text in it. */
  function redactParts(body: Buffer, contentType: string): Buffer {
    const pieces: Buffer[] = [];
    let done = 0;
    for (const { name, sent, text } of multipartFields(body, contentType)) {
      const isJson = /^\s*[[{]/.test(text);
      const parsed = isJson ? parseJson(text) : null;
      const clean = parsed?.ok ? redactJson(parsed.value) : null;
      const isSecret = secret.has(name.toLowerCase()) && text !== '' && text !== mask;
      if (!isSecret && (!parsed?.ok || clean === parsed.value)) continue;
      const start = sent.byteOffset - body.byteOffset;
      pieces.push(body.subarray(done, start), Buffer.from(isSecret ? mask : stringifyExact(clean)));
      done = start + sent.length;
    }
    return pieces.length === 0 ? body : Buffer.concat([...pieces, body.subarray(done)]);
  }

  function redactWide(body: Buffer, wide: FoundWide, contentType: string): Buffer {
    const sent = Buffer.from(decodeText(body, wide.encoding, 'The body').text);
    const kept = redactBody(sent, contentType);
    return kept === sent ? body : encodeWide(kept.toString('utf8'), wide);
  }

  function redactBody(body: Buffer, header: string): Buffer {
    const { mediaType, charset } = parseContentType(header);
    const wide = detectWide(body);
    if (wide !== null) return redactWide(body, wide, mediaType);
    const text = body.toString('latin1');
    if (!suspicious.test(text)) return body;
    const isForm =
      mediaType === 'application/x-www-form-urlencoded'
        ? !/^\s*[[{]/.test(text)
        : (isJsonType(mediaType) || mediaType === 'multipart/form-data') && looksLikeForm(body);
    if (isForm) {
      const kept = redactForm(text, charset);
      return kept === text ? body : Buffer.from(kept, 'latin1');
    }
    let kept = redactJsonText(text);
    if (mediaType.startsWith('multipart/')) kept = kept.replace(multipartField, `$1${mask}`);
    const bytes = kept === text ? body : Buffer.from(kept, 'latin1');
    if (mediaType === 'multipart/form-data' && !startsLikeJson(bytes)) return redactParts(bytes, header);
    // What only a parser sees (an object as the value, an escaped name) is masked by writing the document again.
    if (!/^[\s\xef\xbb\xbf]*[[{]/.test(kept)) return bytes;
    const { parsed } = parsePaddedJson(decodeUtf8(bytes) ?? decodeText(bytes, charset, 'The body').text);
    if (!parsed.ok) return bytes;
    const clean = redactJson(parsed.value);
    return clean === parsed.value ? bytes : Buffer.from(stringifyExact(clean), 'utf8');
  }

  return {
    json: redactJson,
    delivery(draft) {
      draft.body = redactBody(draft.body, draft.contentType ?? '');
      draft.headers = draft.headers.map(([name, value]) => [name, maskBearer(value)]);
      const question = draft.url.indexOf('?');
      if (question !== -1) {
        draft.url = draft.url.slice(0, question + 1) + redactForm(draft.url.slice(question + 1), null);
      }
    },
  };
}
