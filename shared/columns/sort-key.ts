import type { EventItem } from '../contract/events.ts';
import { isExactNumber } from '../exact-json/exact-number.ts';
import { stringifyExact } from '../exact-json/stringify-exact.ts';
import { valuesAt } from './column-text.ts';

/** What an event is sorted and grouped by: the first value at a path. Undefined: it has no such field. */
export type SortKey = string | number | boolean | null | undefined;

/** Longer texts are told apart by their beginning. */
const maxKeyLength = 200;

/** What a double cannot hold is the largest there is. */
const finite = (value: number): number => (Number.isFinite(value) ? value : Math.sign(value) * Number.MAX_VALUE);

export function sortKey(event: EventItem, field: string): SortKey {
  const [value] = valuesAt(event, field);
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' || isExactNumber(value)) return finite(Number(String(value)));
  return (typeof value === 'string' ? value : stringifyExact(value)).slice(0, maxKeyLength);
}

const kinds = ['number', 'string', 'boolean', 'object', 'undefined'];
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Numbers before texts; null after all values, and what has no value last in either direction. */
export function compareKeys(a: SortKey, b: SortKey, descending: boolean): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const sign = descending ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  if (typeof a === 'string' && typeof b === 'string') return sign * collator.compare(a, b);
  if (typeof a !== typeof b) return sign * (kinds.indexOf(typeof a) - kinds.indexOf(typeof b));
  return sign * (Number(a) - Number(b));
}
