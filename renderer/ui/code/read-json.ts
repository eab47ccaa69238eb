import { type Json, jsonSchema } from '../../../shared/contract/common.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { jsonErrorOffset } from './json-error-offset.ts';

/** Text as JSON, or where it stops being JSON. */
export function readJson(text: string): { ok: true; json: Json } | { ok: false; message: string } {
  if (text.trim() === '') return { ok: false, message: 'Empty. Enter JSON, such as null.' };
  try {
    const parsed = jsonSchema.safeParse(parseExact(text));
    return parsed.success ? { ok: true, json: parsed.data } : { ok: false, message: 'Not valid JSON.' };
  } catch {
    const before = text.slice(0, jsonErrorOffset(text));
    const column = before.length - before.lastIndexOf('\n');
    const found = text.slice(before.length).split(/\s/, 1)[0]?.slice(0, 20) ?? '';
    const what = before.length >= text.trimEnd().length ? 'unexpected end' : `unexpected “${found}”`;
    return { ok: false, message: `Line ${before.split('\n').length}, column ${column}: ${what}.` };
  }
}
