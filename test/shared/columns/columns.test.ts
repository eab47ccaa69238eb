import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnText } from '../../../shared/columns/column-text.ts';
import { columnTitle, readColumns, usualColumns, writeColumns } from '../../../shared/columns/columns.ts';
import { formatFieldPath } from '../../../shared/conditions/values/paths.ts';
import type { Json } from '../../../shared/contract/common.ts';
import type { EventItem } from '../../../shared/contract/events.ts';
import { type Column, columnSchema, namedColumns } from '../../../shared/contract/views.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';

const event = (change: Partial<EventItem> = {}): EventItem => ({
  id: 'evt_1',
  source: 'shop',
  system: 'generic',
  type: 'order.paid',
  externalId: null,
  occurredAt: null,
  receivedAt: '2026-03-01T10:00:00.000Z',
  context: { space: 'eu' },
  payload: {},
  deliveryId: null,
  verification: { state: 'verified', scheme: null, detail: null },
  replayOf: null,
  causedBy: null,
  ignored: false,
  chainStopped: false,
  runs: [],
  unreadable: undefined,
  ...change,
});

const column: fc.Arbitrary<Column> = fc
  .record({
    field: fc.oneof(
      fc.constantFrom(...namedColumns),
      fc
        .tuple(
          fc.constantFrom('payload' as const, 'context' as const),
          fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 }),
        )
        .map(([root, segments]) => formatFieldPath({ root, segments })),
    ),
    width: fc.option(fc.integer({ min: 40, max: 1200 }), { nil: undefined }),
  })
  .filter((one) => columnSchema.safeParse(one).success);

describe('columns in an address', () => {
  it('come back as they were written, whatever is in their paths', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(column, { minLength: 1, maxLength: 20, selector: ({ field }) => field }),
        (columns) => {
          expect(readColumns(writeColumns(columns))).toEqual(columns.map((one) => columnSchema.parse(one)));
        },
      ),
    );
  });

  it('leave out what is no column, and repetitions', () => {
    expect(readColumns('time,nothing,payload.a~90,payload.a,headers.x,type~7')).toEqual([
      { field: 'time' },
      { field: 'payload.a', width: 90 },
    ]);
    expect(readColumns('nothing')).toBeNull();
    expect(readColumns(writeColumns(usualColumns))).toEqual(usualColumns);
  });
});

describe('what stands in a column', () => {
  it.each<[field: string, payload: Json, text: string]>([
    ['payload.customer.name', { customer: { name: 'Ada' } }, 'Ada'],
    ['payload.items.sku', { items: [{ sku: 'a' }, { sku: 'b' }, {}] }, 'a, b'],
    ['payload.amount', parseExact('{"amount": 12.50}'), '12.50'],
    ['payload.id', parseExact('{"id": 9007199254740993}'), '9007199254740993'],
    ['payload.flag', { flag: false }, 'false'],
    ['payload.gone', { other: 1 }, ''],
    ['payload.nested', { nested: { a: [1] } }, '{"a":[1]}'],
    ['payload."a.b"', { 'a.b': 'dots' }, 'dots'],
    ['context.space', {}, 'eu'],
  ])('%s', (field, payload, text) => {
    expect(columnText(event({ payload }), field)).toBe(text);
  });

  it('of a long list is cut', () => {
    const items = Array.from({ length: 5000 }, (_, n) => ({ n }));
    expect(columnText(event({ payload: { items } }), 'payload.items.n').split(', ')).toHaveLength(20);
  });

  it('of runs says each with its state, and an ignored event says that', () => {
    const runs = [{ id: 'r1', listener: 'l', job: 'import', state: 'failed' as const }];
    expect(columnText(event({ runs }), 'runs')).toBe('import failed');
    expect(columnText(event({ ignored: true }), 'runs')).toBe('ignored');
  });
});

it('titles a path by what comes after its root', () => {
  expect(['time', 'payload.a.b', 'context.spaceId', 'payload'].map(columnTitle)).toEqual([
    'Time',
    'a.b',
    'spaceId',
    'payload',
  ]);
});
