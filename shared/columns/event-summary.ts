import type { EventItem } from '../contract/events.ts';
import { comparableNumber, isExactNumber } from '../exact-json/exact-number.ts';
import { type ExactJson, isJsonRecord } from '../exact-json/parse-exact.ts';

export interface SummaryPart {
  key: string;
  value: string;
}

const maxParts = 5;
const maxValueLength = 60;
const maxDecimal = 10;
/** Fields that people know an event by, in the order they are looked for. */
const telling = [
  'id',
  'name',
  'title',
  'status',
  'state',
  'action',
  'email',
  'amount',
  'total',
  'currency',
  'ref',
  'path',
  'message',
];

function scalar(value: unknown): string | null {
  if (typeof value === 'string') return value.length > maxValueLength ? `${value.slice(0, maxValueLength)}…` : value;
  if (comparableNumber(value) !== null) return shortNumber(String(value));
  if (typeof value === 'boolean') return String(value);
  return null;
}

/**
 * The digits that were sent. Those after the point are cut where there are many: a measurement's fifteen would push the
 * next field out of the line, and the payload has them all. The exponent stays: without it the number is another one.
 */
function shortNumber(digits: string): string {
  const exponentAt = digits.search(/e/i);
  const mantissa = exponentAt === -1 ? digits : digits.slice(0, exponentAt);
  const exponent = digits.slice(mantissa.length);
  const point = mantissa.indexOf('.');
  const most = Math.min(point === -1 ? maxValueLength : Math.max(maxDecimal, point + 3), maxValueLength);
  return mantissa.length > most ? `${mantissa.slice(0, most)}…${exponent}` : digits;
}

function partsOf(value: ExactJson | undefined): SummaryPart[] {
  if (!isJsonRecord(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const text = scalar(child);
    return text === null || text === '' ? [] : [{ key, value: text }];
  });
}

const rank = (key: string): number => {
  const at = telling.indexOf(key.toLowerCase());
  return at === -1 ? telling.length : at;
};

/** What an event is about, in one line: its context, then the telling fields of its payload, one level in at most. */
export function summarise(event: Pick<EventItem, 'context' | 'payload'>): SummaryPart[] {
  const context = partsOf(event.context);
  const payload = event.payload;
  const top = partsOf(payload).sort((a, b) => rank(a.key) - rank(b.key));
  const nested =
    top.length >= 2 || typeof payload !== 'object' || payload === null || isExactNumber(payload)
      ? []
      : Object.entries(payload)
          .slice(0, 6)
          .flatMap(([key, child]) => partsOf(child).map((part) => ({ ...part, key: `${key}.${part.key}` })))
          .sort((a, b) => rank(a.key.split('.').at(-1) ?? '') - rank(b.key.split('.').at(-1) ?? ''));
  return [...context, ...top, ...nested].slice(0, maxParts);
}
