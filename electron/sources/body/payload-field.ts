import type { FormFields } from '../source-types.ts';
import { isJsonObject, type JsonDocument } from './json-object.ts';
import { parseJson } from './json-text.ts';

/** The JSON that some senders put into the field `payload` of a form; null when there is no single such field. */
export function readPayloadField(fields: FormFields): JsonDocument | null {
  const sent = Object.hasOwn(fields, 'payload') ? fields.payload : undefined;
  if (isJsonObject(sent)) return { ok: true, value: sent };
  if (typeof sent !== 'string') return null;
  const parsed = parseJson(sent, 'The field "payload"');
  return parsed.ok
    ? { ok: true, value: parsed.value, notes: parsed.notes }
    : { ok: false, code: 'unreadable_body', message: `the form's field "payload" ${parsed.message}` };
}
