import type { Json } from '../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import type { ReadBody } from '../source-types.ts';

export type JsonObject = { [name: string]: Json };

export const isJsonObject = (value: Json | undefined): value is JsonObject => isJsonRecord(value);

/** A field that the document itself has: `toString` and its like are inherited by every object. */
export const fieldOf = (value: Json | undefined, name: string): Json | undefined =>
  isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** A copy without these fields. */
export const omitFields = (value: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

/** A copy without the fields that are not there. */
export const presentFields = (value: { [name: string]: Json | undefined }): JsonObject => {
  const present: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) if (inner !== undefined) present[name] = inner;
  return present;
};

/** Notes on the body itself are not repeated here. */
export type JsonDocument =
  | { ok: true; value: Json; notes?: readonly DeliveryNote[] | undefined }
  | { ok: false; code: string; message: string };

/** For senders that post JSON and nothing else. */
export function requireJson(body: ReadBody): JsonDocument {
  switch (body.kind) {
    case 'json':
      return { ok: true, value: body.value };
    case 'problem':
      return { ok: false, code: 'unreadable_body', message: body.message };
    case 'none':
      return { ok: false, code: 'empty_body', message: 'the body is empty, where this sender puts a JSON document' };
    default:
      return { ok: false, code: 'not_json', message: 'the body is not JSON, which is all this sender posts' };
  }
}
