import type { EventItem } from '../../../shared/contract/events.ts';

export interface SummaryPart {
  key: string;
  value: string;
}

const maxParts = 5;
const maxValueLength = 60;
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
  // Fifteen digits of a measurement push the next field out of the line; the payload has them all.
  if (typeof value === 'number') return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
  if (typeof value === 'boolean') return String(value);
  return null;
}

function partsOf(value: unknown): SummaryPart[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
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
    top.length >= 2 || typeof payload !== 'object' || payload === null
      ? []
      : Object.entries(payload)
          .slice(0, 6)
          .flatMap(([key, child]) => partsOf(child).map((part) => ({ ...part, key: `${key}.${part.key}` })))
          .sort((a, b) => rank(a.key.split('.').at(-1) ?? '') - rank(b.key.split('.').at(-1) ?? ''));
  return [...context, ...top, ...nested].slice(0, maxParts);
}
