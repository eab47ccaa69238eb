const maxLength = 120;

/** A value that was seen, on one line. */
export function seenText(value: unknown): string {
  const text = stringifyExact(value) ?? 'undefined';
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
