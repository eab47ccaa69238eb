import type { Json } from '../../shared/contract/common.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { decodeUtf8, parseJson } from './json-text.ts';
import { queryFields } from './read-body.ts';
import { isSecretQueryName } from './sensitive-names.ts';
import type { FormFields, IncomingRequest, ReadBody } from './source-types.ts';

export interface IcfmDocument {
  document: Json;
  /** Where its type may stand, the likeliest first: the document, JSON inside its fields, the query. */
  places: JsonObject[];
  /** The query without secrets. */
  query: JsonObject;
  /** Without a body the query is the document. */
  isQuery: boolean;
}

export type ReadIcfm = ({ ok: true } & IcfmDocument) | { ok: false; code: string; message: string };

const asObject = (value: Json): JsonObject => (isJsonObject(value) ? value : {});

function parseInside(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : undefined;
}

/** A form whose fields may hold JSON. One field alone that does is only a wrapper. */
function readForm(fields: FormFields): { document: Json; places: JsonObject[] } {
  const entries = Object.entries(fields);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const [name, value] = only;
    // `curl --data-urlencode '{…}'` and its like make the document a field's name.
    const inside = parseInside(value === '' ? name : typeof value === 'string' ? value : '');
    if (inside !== undefined) return { document: inside, places: [asObject(inside)] };
  }
  const inside: JsonObject[] = [];
  const document = Object.fromEntries(
    entries.map(([name, value]): [string, Json] => {
      const parsed = typeof value === 'string' ? parseInside(value) : undefined;
      if (isJsonObject(parsed)) inside.push(parsed);
      return [name, parsed ?? value];
    }),
  );
  return { document, places: [document, ...inside] };
}

/** `name=value&…` without white space, quotes or markup: a form whatever the content type says. */
const looksLikeForm = (text: string): boolean => /^[\w.[\]%+-]+=[^\s<>"{}]*$/.test(text.trim());

const formOf = (text: string): FormFields => queryFields(new URLSearchParams(text.trim()));

/**
 * Reads whatever comes: JSON under any content type, a form (also one that says it is something else), multipart, JSON
 * inside a form's field, or all of it in the query.
 */
export function readIcfmDocument(request: IncomingRequest, body: ReadBody, secretNames: readonly string[]): ReadIcfm {
  const query = queryFields(
    new URLSearchParams([...request.query].filter(([name]) => !isSecretQueryName(name) && !secretNames.includes(name))),
  );
  const beside = ({ document, places }: Pick<IcfmDocument, 'document' | 'places'>): ReadIcfm => ({
    ok: true,
    document,
    places: [...places, query],
    query,
    isQuery: false,
  });
  switch (body.kind) {
    case 'none':
      return { ok: true, ...readForm(query), query, isQuery: true };
    case 'json':
      return beside({ document: body.value, places: [asObject(body.value)] });
    case 'form':
      return beside(readForm(body.fields));
    case 'text': {
      const json = parseInside(body.text);
      if (json !== undefined) return beside({ document: json, places: [asObject(json)] });
      return beside(looksLikeForm(body.text) ? readForm(formOf(body.text)) : { document: body.text, places: [] });
    }
    case 'problem': {
      const text = decodeUtf8(request.body);
      if (text !== null && looksLikeForm(text)) return beside(readForm(formOf(text)));
      return { ok: false, code: 'unreadable_body', message: body.message };
    }
  }
}
