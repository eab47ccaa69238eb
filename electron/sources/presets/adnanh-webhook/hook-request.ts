import { isUtf8 } from 'node:buffer';
import type { Json } from '../../../../shared/contract/common.ts';
import { isJsonRecord } from '../../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';
import { collectFields, readPairs } from '../../body/form-fields.ts';
import { parseJson } from '../../body/json-text.ts';
import { parseMultipart } from '../../body/multipart.ts';
import { readRawText } from '../../charset/raw-text.ts';
import type { IncomingRequest } from '../../source-types.ts';
import { readXmlPayload } from './xml-payload.ts';

/** A request as a hook sees it. */
export interface HookRequest {
  /** Null where the content type is unknown or the body is not what it says. */
  payload: Json;
  query: { [name: string]: Json };
  headers: Readonly<Record<string, string>>;
  method: string;
  remoteAddress: string;
  body: Buffer;
}

export interface HookReading {
  /** Counts instead of the header. */
  contentType: string | undefined;
  /** Names of fields of the payload and of query parameters whose text is JSON. */
  parseJson: readonly { payload?: string | undefined; query?: string | undefined }[];
}

/** The first of repeated names counts. */
const firstOf = (entries: Iterable<[string, Json]>): { [name: string]: Json } => {
  const first = new Map<string, Json>();
  for (const [name, value] of entries) if (!first.has(name)) first.set(name, value);
  return collectFields(first);
};

/** An object keeps its shape; a list becomes the field `root`. Anything else is no payload. */
function readJsonPayload(body: Buffer): Json {
  const parsed = parseJson(body.toString('utf8'));
  if (!parsed.ok) return null;
  if (Array.isArray(parsed.value)) return { root: parsed.value };
  return isJsonRecord(parsed.value) ? parsed.value : null;
}

function readMultipartPayload(body: Buffer, contentType: string, asJson: ReadonlySet<string>): Json {
  const form = parseMultipart(body, /;\s*boundary="?([^";]{1,200})/i.exec(contentType)?.[1] ?? null);
  if (form === null) return null;
  const fields: [string, Json][] = [];
  for (const { headers, bytes } of form.parts) {
    const disposition = headers['content-disposition'] ?? '';
    const name = /;\s*name="?([^";]{0,200})/i.exec(disposition)?.[1];
    if (name === undefined) continue;
    const text = bytes.toString('utf8');
    if (!/;\s*filename\*?=/i.test(disposition)) fields.push([readRawText(name), text]);
    else if (asJson.has(name) || headers['content-type'] === 'application/json') {
      fields.push([readRawText(name), objectOf(text)]);
    }
  }
  return firstOf(fields);
}

const objectOf = (text: string): Json => {
  const parsed = parseJson(text);
  return parsed.ok && isJsonRecord(parsed.value) ? parsed.value : null;
};

function readPayload(body: Buffer, contentType: string, asJson: ReadonlySet<string>): Json {
  if (contentType.startsWith('multipart/form-data;')) return readMultipartPayload(body, contentType, asJson);
  if (contentType.includes('json')) return readJsonPayload(body);
  if (contentType.includes('x-www-form-urlencoded')) return firstOf(readPairs(body, null).entries);
  return contentType.includes('xml') ? readXmlPayload(body.toString('utf8')) : null;
}

/** In place of text that is a JSON object. */
function parseFields(document: Json, names: ReadonlySet<string>): Json {
  if (names.size === 0 || !isJsonRecord(document)) return document;
  return collectFields(
    Object.entries(document).map(([name, value]): [string, Json] => {
      const parsed = names.has(name) && typeof value === 'string' ? objectOf(value) : null;
      return [name, parsed ?? value];
    }),
  );
}

export function readHookRequest(
  request: IncomingRequest,
  { contentType, parseJson: parsed }: HookReading,
): HookRequest {
  const inPayload = new Set(parsed.flatMap(({ payload }) => (payload === undefined ? [] : [payload])));
  const inQuery = new Set(parsed.flatMap(({ query }) => (query === undefined ? [] : [query])));
  const type = contentType ?? request.headers['content-type'] ?? '';
  const query = parseFields(firstOf(request.query), inQuery);
  return {
    payload: parseFields(readPayload(request.body, type, inPayload), inPayload),
    query: isJsonRecord(query) ? query : {},
    headers: request.headers,
    method: request.method,
    remoteAddress: request.remoteAddress,
    body: request.body,
  };
}

const replacement = '\ufffd';

/** Whether characters of a request were lost: the program reads UTF-8 whatever the request says, and so does this preset. */
export function hasLostCharacters({ body, payload }: HookRequest): boolean {
  const isEscaped = body.includes('%');
  if (isUtf8(body) && !isEscaped) return false;
  if (!stringifyExact(payload).includes(replacement)) return false;
  return !isUtf8(body) || !(body.includes(replacement) || /%ef%bf%bd/i.test(body.toString('latin1')));
}
