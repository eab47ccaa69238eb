import { z } from 'zod';
import type { Json } from '../../shared/contract/common.ts';
import type { PresetField } from '../../shared/contract/sources.ts';
import type { DeliveryDraft } from '../intake/intake-types.ts';
import { isJsonObject } from './json-object.ts';
import { decodeUtf8, parseJson } from './json-text.ts';

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
    'Names of fields, at any depth, whose values are replaced by *** before anything is stored, shown or handed to a ' +
    'job. Capitals do not matter. The field _accessToken and bearer tokens in any text are always masked.',
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
 * The token of an `Authorization` header (RFC 6750 section 2.1) wherever it stands. At least 16 characters, so that
 * prose about bearer shares stays; a backslash, because some senders write `\/` in JSON.
 */
const bearer = /\b(bearer {1,3})[A-Za-z0-9._~+/\\-]{16,}=*/gi;
const maskBearer = (text: string): string => text.replace(bearer, `$1${mask}`);

/** Documents inside one form that are read; a form of more of them is not what any sender writes. */
const maxDocuments = 100;

/** A name or value of a form. `URLSearchParams` for each would take ten times as long. */
function decodePart(text: string): string {
  if (!/[%+]/.test(text)) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

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

  function redactForm(text: string): string {
    let parsedCount = 0;
    function redactValue(value: string): string {
      if (!/^\s*[[{]/.test(value) || !suspicious.test(asLatin1(value))) return maskBearer(value);
      parsedCount++;
      if (parsedCount > maxDocuments) return mask;
      const parsed = parseJson(value);
      if (!parsed.ok) return Buffer.from(redactJsonText(asLatin1(value)), 'latin1').toString('utf8');
      const kept = redactJson(parsed.value);
      return kept === parsed.value ? value : JSON.stringify(kept);
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

  function redactBody(body: Buffer, contentType: string): Buffer {
    const text = body.toString('latin1');
    if (!suspicious.test(text)) return body;
    const utf8 = decodeUtf8(body);
    if (contentType.startsWith('application/x-www-form-urlencoded') && utf8 !== null && !/^\s*[[{]/.test(utf8)) {
      const kept = redactForm(utf8);
      return kept === utf8 ? body : Buffer.from(kept, 'utf8');
    }
    let kept = redactJsonText(text);
    if (contentType.startsWith('multipart/')) kept = kept.replace(multipartField, `$1${mask}`);
    const bytes = kept === text ? body : Buffer.from(kept, 'latin1');
    // What only a parser sees (an object as the value, an escaped name) is masked by writing the document anew.
    const parsed = utf8 === null ? null : parseJson(bytes.toString('utf8'));
    if (!parsed?.ok) return bytes;
    const clean = redactJson(parsed.value);
    return clean === parsed.value ? bytes : Buffer.from(JSON.stringify(clean), 'utf8');
  }

  return {
    json: redactJson,
    delivery(draft) {
      draft.body = redactBody(draft.body, (draft.contentType ?? '').trim().toLowerCase());
      draft.headers = draft.headers.map(([name, value]) => [name, maskBearer(value)]);
      const question = draft.url.indexOf('?');
      if (question !== -1) {
        draft.url = draft.url.slice(0, question + 1) + redactForm(draft.url.slice(question + 1));
      }
    },
  };
}
