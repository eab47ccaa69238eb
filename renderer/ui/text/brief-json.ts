import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';

/** A value as JSON on one line, in at most `maxLength` characters. */
export function briefJson(value: unknown, maxLength: number): string {
  const text = stringifyExact(value) ?? 'undefined';
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}
