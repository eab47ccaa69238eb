import { isExactNumber } from '../../../shared/exact-json/exact-number.ts';
import { type ExactJson, isJsonRecord } from '../../../shared/exact-json/parse-exact.ts';
import { hasExactNumber } from '../../../shared/exact-json/stringify-exact.ts';

/** JSON as `JSON.parse` knows it. */
export type PlainJson = string | number | boolean | null | PlainJson[] | { [name: string]: PlainJson };

/** The value, or a copy with a double for every number, for libraries that know no other: those that none holds are rounded. */
export const roundNumbers = (value: ExactJson): PlainJson => (isPlain(value) ? value : round(value));

const isPlain = (value: ExactJson): value is PlainJson => !hasExactNumber(value);

function round(value: ExactJson): PlainJson {
  if (isExactNumber(value)) return Number(value);
  if (Array.isArray(value)) return value.map(round);
  if (!isJsonRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, round(part)]));
}
