/** A value in at most so many characters. */
export function brief(value: unknown, maxLength: number): string {
  const text = stringifyExact(value) ?? 'undefined';
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}

import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
