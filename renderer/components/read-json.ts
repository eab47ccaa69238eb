import { type Json, jsonSchema } from '../../shared/contract/common.ts';

/** Text as JSON, or where it stops being JSON. */
export function readJson(text: string): { ok: true; json: Json } | { ok: false; message: string } {
  if (text.trim() === '') return { ok: false, message: 'Empty: JSON wants at least null.' };
  try {
    const parsed = jsonSchema.safeParse(JSON.parse(text));
    return parsed.success ? { ok: true, json: parsed.data } : { ok: false, message: 'This is not plain JSON.' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(reason)?.[1];
    const before = position === undefined ? null : text.slice(0, Number(position));
    const where =
      before === null ? '' : `Line ${before.split('\n').length}, column ${before.length - before.lastIndexOf('\n')}: `;
    return { ok: false, message: `${where}${reason.replace(/ in JSON at position.*$/, '').replace(/ \(line.*$/, '')}` };
  }
}
