import type { Json } from '../../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../../shared/contract/deliveries.ts';
import { collectFields, fieldName, queryFields, readPairs } from '../../body/form-fields.ts';
import { isJsonObject, type JsonObject } from '../../body/json-object.ts';
import { decodeUtf8, parseJson } from '../../body/json-text.ts';
import { isSecretQueryName } from '../../redact/sensitive-names.ts';
import type { FormFields, IncomingRequest, ReadBody } from '../../source-types.ts';

export interface IcfmDocument {
  document: Json;
  /** Where its type may be, the likeliest first: the document, JSON inside its fields, the query. */
  places: JsonObject[];
  /** The query without secrets. */
  query: JsonObject;
  /** Without a body the query is the document. */
  isQuery: boolean;
  notes: readonly DeliveryNote[];
}

export type ReadIcfm = ({ ok: true } & IcfmDocument) | { ok: false; code: string; message: string };

const asObject = (value: Json): JsonObject => (isJsonObject(value) ? value : {});

function parseInside(text: string, what: string, notes: DeliveryNote[]): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const parsed = parseJson(text, what);
  if (!parsed.ok) return undefined;
  notes.push(...(parsed.notes ?? []));
  return parsed.value;
}

/** A form whose fields may hold JSON. One field alone that does is only a wrapper. */
function readForm(fields: FormFields, notes: DeliveryNote[]): { document: Json; places: JsonObject[] } {
  const entries = Object.entries(fields);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const [name, value] = only;
    // `curl --data-urlencode '{…}'` and its like make the document a field's name.
    const text = value === '' ? name : typeof value === 'string' ? value : '';
    const inside = parseInside(text, value === '' ? 'The form' : fieldName(name), notes);
    if (inside !== undefined) return { document: inside, places: [asObject(inside)] };
  }
  const inside: JsonObject[] = [];
  const document = Object.fromEntries(
    entries.map(([name, value]): [string, Json] => {
      const parsed = typeof value === 'string' ? parseInside(value, fieldName(name), notes) : undefined;
      const known = parsed ?? value;
      if (isJsonObject(known)) inside.push(known);
      return [name, known];
    }),
  );
  return { document, places: [document, ...inside] };
}

/** `name=value&…` without white space, quotes or markup: a form whatever the content type says. */
const looksLikeForm = (text: string): boolean => /^[\w.[\]%+-]+=[^\s<>"{}]*$/.test(text.trim());

function formOf(bytes: Buffer, notes: DeliveryNote[]): FormFields {
  const read = readPairs(bytes, null);
  notes.push(...read.notes);
  return collectFields(read.entries);
}

/**
 * Reads whatever comes: JSON under any content type, a form (also one that says it is something else), multipart, JSON
 * inside a form's field, or all of it in the query.
 */
export function readIcfmDocument(request: IncomingRequest, body: ReadBody, secretNames: readonly string[]): ReadIcfm {
  const notes: DeliveryNote[] = [];
  const query = queryFields(
    new URLSearchParams([...request.query].filter(([name]) => !isSecretQueryName(name) && !secretNames.includes(name))),
  );
  const beside = ({ document, places }: Pick<IcfmDocument, 'document' | 'places'>): ReadIcfm => ({
    ok: true,
    document,
    places: [...places, query],
    query,
    isQuery: false,
    notes,
  });
  switch (body.kind) {
    case 'none':
      return { ok: true, ...readForm(query, notes), query, isQuery: true, notes };
    case 'json':
      return beside({ document: body.value, places: [asObject(body.value)] });
    case 'form':
      return beside(readForm(body.fields, notes));
    case 'text': {
      const json = parseInside(body.text, 'The body', notes);
      if (json !== undefined) return beside({ document: json, places: [asObject(json)] });
      return beside(
        looksLikeForm(body.text)
          ? readForm(formOf(Buffer.from(body.text.trim()), notes), notes)
          : { document: body.text, places: [] },
      );
    }
    case 'problem': {
      const text = decodeUtf8(request.body);
      if (text !== null && looksLikeForm(text)) return beside(readForm(formOf(Buffer.from(text.trim()), notes), notes));
      return { ok: false, code: 'unreadable_body', message: body.message };
    }
  }
}
