import { isUtf8 } from 'node:buffer';
import type { Json } from '../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { type Decoded, decodeText } from '../charset/charset.ts';
import type { FormFile } from '../source-types.ts';
import { type ContentType, isJsonType, isTextType, parseContentType } from './content-type.ts';
import {
  collectFields,
  createFormNotes,
  type FormNotes,
  fieldName,
  formCharset,
  type ReadForm,
} from './form-fields.ts';
import { parseJson } from './json-text.ts';
import { type MultipartPart, parseMultipart } from './multipart.ts';

/** What `new Blob([…])` of a browser is called in a form: not a name that was given to a file. */
const namelessBlob = 'blob';

/** A quoted string ends at the first quote that is not escaped; a path of Windows may have backslashes before others. */
const dispositionParameter = /;\s*([^=;\s"]{1,60})\s*=\s*(?:"((?:\\"|[^"])*)"|([^;]*))/g;

/** Browsers escape what would end the name by these three, and nothing else (HTML section 4.10.21.8). */
const unescapeName = (name: string): string =>
  name.replace(/%22|%0D|%0A/gi, (sent) => decodeURIComponent(sent)).replaceAll('\\"', '"');

const aName = 'A name in the multipart body';

/** `UTF-8''na%C3%AFve.txt` (RFC 8187), or null when it is not that. */
function readExtended(value: string): Decoded | null {
  const [, label = '', escaped = ''] = /^([A-Za-z0-9_-]{1,40})'[^']{0,40}'(.*)$/.exec(value) ?? [];
  if (label === '') return null;
  const bytes = Buffer.from(
    escaped.replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  return decodeText(bytes, label.toLowerCase(), aName);
}

interface NamedPart {
  name: string;
  /** Null for a field. */
  filename: string | null;
  type: ContentType;
  /** As it was sent; `text/plain` when it names none. */
  contentType: string;
  bytes: Buffer;
  /** As it was sent, a view of the body. */
  sent: Buffer;
}

/** The content without its transfer encoding, which some mail libraries apply to forms. */
function decodeTransfer({ headers, bytes }: MultipartPart): Buffer {
  switch ((headers['content-transfer-encoding'] ?? '').toLowerCase()) {
    case 'base64':
      return Buffer.from(bytes.toString('latin1'), 'base64');
    case 'quoted-printable': {
      const text = bytes.toString('latin1').replace(/(?<![ \t])[ \t]*=[ \t]*\r?\n/g, '');
      const decoded = text.replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
      return Buffer.from(decoded, 'latin1');
    }
    default:
      return bytes;
  }
}

/** Null for a part without a name, which is no part of a form. */
function readNamedPart(part: MultipartPart, charset: string | null, notes: FormNotes): NamedPart | null {
  const disposition = part.headers['content-disposition'] ?? '';
  const parameters = new Map<string, string>();
  for (const [, key = '', quoted, bare] of disposition.matchAll(dispositionParameter)) {
    parameters.set(key.toLowerCase(), quoted === undefined ? (bare ?? '').trim() : unescapeName(quoted));
  }
  const text = (key: string): string | null => {
    const extended = parameters.get(`${key}*`);
    const value = parameters.get(key);
    const plain = value === undefined ? null : decodeText(Buffer.from(value, 'latin1'), charset, aName);
    const read = (extended === undefined ? null : readExtended(extended)) ?? plain;
    notes.add(read?.notes ?? []);
    return read?.text ?? null;
  };
  const name = text('name');
  if (name === null) return null;
  const contentType = part.headers['content-type'] ?? 'text/plain';
  return {
    name,
    filename: text('filename'),
    type: parseContentType(contentType),
    contentType,
    bytes: decodeTransfer(part),
    sent: part.bytes,
  };
}

/** Whether a part is a file: by its name, or since it has none and is not text either. */
const isFile = ({ filename, type, bytes }: NamedPart): boolean =>
  filename === null || (filename === namelessBlob && isJsonType(type.mediaType))
    ? !isTextType(type.mediaType) && type.mediaType !== '' && type.charset === null && !isUtf8(bytes)
    : true;

function openForm(
  body: Buffer,
  contentType: string,
): { parts: NamedPart[]; charset: string | null; notes: DeliveryNote[] } | null {
  const { boundary, charset: header } = parseContentType(contentType);
  const multipart = parseMultipart(body, boundary);
  if (multipart === null) return null;
  const charset = formCharset((name) => {
    const quoted = new RegExp(`;\\s*name="?${name}"?(?:;|$)`);
    const part = multipart.parts.find(({ headers }) => quoted.test(headers['content-disposition'] ?? ''));
    return part === undefined ? undefined : part.bytes.toString('latin1').trim();
  }, header);
  const parts: NamedPart[] = [];
  const ofNames = createFormNotes();
  let nameless = 0;
  for (const part of multipart.parts) {
    const named = readNamedPart(part, charset, ofNames);
    if (named === null) nameless++;
    else parts.push(named);
  }
  const message = `${nameless === 1 ? 'A part' : `${nameless} parts`} of the multipart body without a name ${nameless === 1 ? 'is' : 'are'} not in the event.`;
  const notes = [...multipart.notes, ...ofNames.list()];
  if (nameless > 0) notes.push({ code: 'multipart_part_skipped', message });
  return { parts, charset, notes };
}

/** The fields of a multipart form, or null when the body is not multipart at all. A part that is JSON becomes JSON. */
export function readMultipart(body: Buffer, contentType: string): ReadForm | null {
  const form = openForm(body, contentType);
  if (form === null) return null;
  const notes = createFormNotes();
  const entries = form.parts.map((part): [string, Json] => {
    const { name, filename, type, bytes } = part;
    if (isFile(part)) {
      const file: FormFile = { filename: filename ?? '', contentType: part.contentType, sizeBytes: bytes.length };
      return [name, file];
    }
    const where = fieldName(name);
    const decoded = decodeText(bytes, type.charset ?? form.charset, where);
    notes.add(decoded.notes);
    if (!isJsonType(type.mediaType) || decoded.text.trim() === '') return [name, decoded.text];
    const parsed = parseJson(decoded.text, where);
    if (parsed.ok) {
      notes.add(parsed.notes ?? []);
      return [name, parsed.value];
    }
    const message = `${where} is of type ${type.mediaType} but ${parsed.message}; it was kept as text.`;
    notes.add([{ code: 'field_not_json', message }]);
    return [name, decoded.text];
  });
  return { fields: collectFields(entries), notes: [...form.notes, ...notes.list()] };
}

/** The files of a multipart form in their order, as views of the body; empty for any other body. */
export function multipartFiles(body: Buffer, contentType: string): (FormFile & { field: string; bytes: Buffer })[] {
  if (parseContentType(contentType).mediaType !== 'multipart/form-data') return [];
  return (openForm(body, contentType)?.parts ?? [])
    .filter(isFile)
    .map(({ name, filename, contentType: type, bytes }) => ({
      field: name,
      filename: filename ?? '',
      contentType: type,
      sizeBytes: bytes.length,
      bytes,
    }));
}

/** The named parts of a multipart form in their order: the name, what of the body it is, and what that says. */
export const multipartFields = (body: Buffer, contentType: string): { name: string; sent: Buffer; text: string }[] =>
  (openForm(body, contentType)?.parts ?? []).map(({ name, sent, bytes, type }) => ({
    name,
    sent,
    text: decodeText(bytes, type.charset, name).text,
  }));
