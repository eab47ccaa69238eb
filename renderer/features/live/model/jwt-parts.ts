import { type Json, jsonSchema } from '../../../../shared/contract/common.ts';
import { parseExact } from '../../../../shared/exact-json/parse-exact.ts';
import { bytesOf } from '../../../browser/save-file.ts';

const part = (text: string): Json => {
  const bytes = bytesOf(text.replaceAll('-', '+').replaceAll('_', '/'));
  return jsonSchema.parse(parseExact(new TextDecoder().decode(bytes)));
};

/** Header and claims of a signed token, to be read; nothing is checked. Null for what is none. */
export function readToken(text: string): { header: Json; claims: Json } | null {
  const match = /^([\w-]+)\.([\w-]+)\.[\w-]*$/.exec(text.trim());
  if (match?.[1] === undefined || match[2] === undefined) return null;
  try {
    return { header: part(match[1]), claims: part(match[2]) };
  } catch {
    // Three words with dots between them are not always a token.
    return null;
  }
}
