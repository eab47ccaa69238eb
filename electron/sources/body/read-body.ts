import { isAscii, isUtf8 } from 'node:buffer';
import type { Json } from '../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { decodeText } from '../charset/charset.ts';
import { encodingOf } from '../charset/charset-labels.ts';
import { detectWide, isWide } from '../charset/wide-charsets.ts';
import type { FormFields, ReadBody } from '../source-types.ts';
import { looksLikeForm, looksLikeMarkup, startsLikeJson } from './body-looks.ts';
import { isJsonType, isMarkupType, isTextType, parseContentType } from './content-type.ts';
import { collectFields, fieldName, readPairs } from './form-fields.ts';
import { decodeUtf8, parseJson, parsePaddedJson } from './json-text.ts';
import { readMultipart } from './multipart-form.ts';

const withNotes = (body: ReadBody, ...lists: (readonly DeliveryNote[] | undefined)[]): ReadBody => {
  const notes = lists.flatMap((list) => list ?? []);
  return notes.length === 0 ? body : { ...body, notes };
};

/**
 * JSON between systems is UTF-8 (RFC 8259 section 8.1), so a body that is valid UTF-8 is that, whatever its charset
 * parameter says; another is read in the charset that it names.
 */
function readJsonText(body: Buffer, charset: string | null): { text: string; notes: readonly DeliveryNote[] } {
  const isNamedUtf8 = charset === null || charset === 'utf-8' || charset === 'utf8';
  const utf8 = isNamedUtf8 && detectWide(body) === null ? decodeUtf8(body) : null;
  if (utf8 !== null) return { text: utf8, notes: [] };
  const encoding = charset === null ? null : encodingOf(charset);
  const isUnlikely = isWide(encoding) || encoding === 'iso-2022-jp';
  if (isUnlikely || encoding === 'utf-8' || detectWide(body) !== null || !isUtf8(body)) {
    return decodeText(body, charset, 'The body');
  }
  const message = `The body names the charset ${charset?.slice(0, 40)} but is valid UTF-8, as JSON must be; it was read as utf-8.`;
  return {
    text: decodeUtf8(body) ?? '',
    notes: isAscii(body) ? [] : [{ code: 'charset_mismatch', message }],
  };
}

function readJson(body: Buffer, charset: string | null): ReadBody {
  const { text, notes } = readJsonText(body, charset);
  if (text.trim() === '') {
    const message = 'The body holds nothing but white space. It was read as empty.';
    return withNotes({ kind: 'none' }, notes, [{ code: 'body_blank', message }]);
  }
  const { parsed, isTrimmed } = parsePaddedJson(text);
  const message = 'The body has byte order marks or zeros around its JSON, which were left out.';
  const trimming = isTrimmed ? [{ code: 'body_padding', message }] : [];
  return parsed.ok
    ? withNotes({ kind: 'json', value: parsed.value, text: parsed.text }, notes, trimming, parsed.notes)
    : withNotes({ kind: 'problem', message: `the body ${parsed.message}` }, notes);
}

/** The encoding in an XML declaration or a `meta` of HTML, where the header names none. */
function markupCharset(body: Buffer): string | null {
  const head = body.toString('latin1', 0, 1024);
  const found =
    /^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']/.exec(head) ??
    /<meta\s[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})/i.exec(head);
  return found?.[1]?.toLowerCase() ?? null;
}

/** Control characters that no text has: bytes of an unnamed kind with one of them are not text in some charset. */
const isBinary = (body: Buffer): boolean =>
  body.some((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 0x1b);

function readText(body: Buffer, mediaType: string, charset: string | null): ReadBody {
  const named = charset ?? (isMarkupType(mediaType) ? markupCharset(body) : null);
  const isText = isTextType(mediaType) || named !== null || (mediaType === '' && !isBinary(body));
  if (!isText) {
    const text = decodeUtf8(body);
    const type = mediaType === '' ? 'has no Content-Type' : `is of type ${mediaType.slice(0, 60)}`;
    return text === null
      ? {
          kind: 'problem',
          message: `the body ${type} and is not valid UTF-8: name its charset in the Content-Type header`,
        }
      : { kind: 'text', text };
  }
  const { text, notes } = decodeText(body, named, 'The body');
  return withNotes({ kind: 'text', text }, notes);
}

/** The form with JSON in place of the text of these fields. What is not JSON stays text. */
function parseNamedFields(fields: FormFields, names: readonly string[]): { fields: FormFields; notes: DeliveryNote[] } {
  const notes: DeliveryNote[] = [];
  const parse = (name: string, value: Json): Json => {
    if (typeof value !== 'string' || value.trim() === '') return value;
    const parsed = parseJson(value, fieldName(name));
    if (parsed.ok) {
      notes.push(...(parsed.notes ?? []));
      return parsed.value;
    }
    const message = `${fieldName(name)} should contain JSON but ${parsed.message}; it was kept as text.`;
    notes.push({ code: 'field_not_json', message });
    return value;
  };
  const entries = Object.entries(fields).map(([name, value]): [string, Json] => {
    if (!names.includes(name)) return [name, value];
    return [name, Array.isArray(value) ? value.map((each) => parse(name, each)) : parse(name, value)];
  });
  return { fields: collectFields(entries), notes };
}

function readForm(fields: FormFields, notes: readonly DeliveryNote[], parseFields: readonly string[]): ReadBody {
  if (parseFields.length === 0) return withNotes({ kind: 'form', fields }, notes);
  const parsed = parseNamedFields(fields, parseFields);
  return withNotes({ kind: 'form', fields: parsed.fields }, notes, parsed.notes);
}

/** A body that is not of the type it is said to be and can only be one of these; null for any other. */
function readAsOther(
  body: Buffer,
  mediaType: string,
  charset: string | null,
  parseFields: readonly string[],
): ReadBody | null {
  const note = (what: string): DeliveryNote[] => {
    const message = `The Content-Type says ${mediaType.slice(0, 60)}, but the body is ${what}. It was read as that.`;
    return [{ code: 'body_other_type', message }];
  };
  if (!isJsonType(mediaType) && startsLikeJson(body)) {
    const json = readJson(body, charset);
    return json.kind === 'json' ? withNotes(json, note('JSON'), json.notes) : null;
  }
  if (looksLikeForm(body)) {
    const { entries, notes } = readPairs(body, charset);
    return readForm(collectFields(entries), [...note('an urlencoded form'), ...notes], parseFields);
  }
  if (!looksLikeMarkup(body)) return null;
  const text = readText(body, 'application/xml', charset);
  return withNotes(text, note('XML or HTML'), text.notes);
}

/**
 * Reads a body by its content type. JSON is also taken where the type says otherwise or nothing, as long as it parses:
 * `curl -d '{…}'` says it is a form, and several senders post JSON as text/plain. Markup stays text. `parseFields` are
 * the fields of a form that hold JSON.
 */
export function readBody(
  body: Buffer,
  contentTypeHeader: string | undefined,
  parseFields: readonly string[] = [],
): ReadBody {
  if (body.length === 0) return { kind: 'none' };
  const { mediaType, charset } = parseContentType(contentTypeHeader);
  if (isJsonType(mediaType)) {
    const json = readJson(body, charset);
    return json.kind === 'problem' ? (readAsOther(body, mediaType, charset, parseFields) ?? json) : json;
  }
  if (mediaType === 'multipart/form-data') {
    const form = readMultipart(body, contentTypeHeader ?? '');
    if (form !== null) return readForm(form.fields, form.notes, parseFields);
    const message =
      'the body is not multipart/form-data: it has no line with the boundary that the Content-Type header names, nor another';
    return readAsOther(body, mediaType, charset, parseFields) ?? { kind: 'problem', message };
  }
  if (!isMarkupType(mediaType) && startsLikeJson(body)) {
    const json = readJson(body, charset);
    if (json.kind === 'json') return json;
  }
  if (mediaType === 'application/x-www-form-urlencoded') {
    const { entries, notes } = readPairs(body, charset);
    return readForm(collectFields(entries), notes, parseFields);
  }
  return readText(body, mediaType, charset);
}
