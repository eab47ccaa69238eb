import type { IncomingRequest } from '../source-types.ts';

/**
 * The headers with all values of these, joined by `, `, should they have come on several lines: while a secret is
 * rotated, a sender may repeat the header of the signature. The one way in which schemes read a signature.
 */
export function withAllValues(
  { headers, repeatedHeaders }: IncomingRequest,
  names: readonly string[],
): Readonly<Record<string, string>> {
  if (repeatedHeaders === undefined) return headers;
  const all = { ...headers };
  for (const name of names) {
    const values = repeatedHeaders[name];
    if (values !== undefined) all[name] = values;
  }
  return all;
}
