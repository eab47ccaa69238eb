import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileConditions } from '../../../shared/conditions/evaluate/compile.ts';
import { describeLeaf } from '../../../shared/conditions/explain/describe.ts';
import { compileExplainer } from '../../../shared/conditions/explain/explain.ts';
import { parseConditions } from '../../../shared/conditions/parse/parse.ts';
import { parseVendorFilter, type VendorFilterKind } from '../../../shared/conditions/vendor-filters/vendor-filter.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { compileQuery } from '../../../shared/query/compile-query.ts';
import { parseQuery } from '../../../shared/query/parse-query.ts';
import { requiredPhrases } from '../../../shared/query/required-phrases.ts';
import { searchableText } from '../../../shared/query/searchable-text.ts';
import { hasPhrase, tokenize } from '../../../shared/query/tokenize.ts';
import { compareAsFractions, numberText } from '../exact-json/arbitraries.ts';
import { eventWith } from './events.ts';

const RUNS = { numRuns: 2_000 };
/** Often equal, else often neighbours. */
const pair = fc.oneof(
  fc.tuple(numberText, numberText),
  numberText.map((text): [string, string] => [text, text]),
  fc
    .tuple(
      fc.bigInt({ min: 2n ** 53n - 2n, max: 2n ** 53n + 4n }),
      fc.bigInt({ min: 2n ** 53n - 2n, max: 2n ** 53n + 4n }),
    )
    .map(([a, b]): [string, string] => [String(a), String(b)]),
);

const orders = {
  gt: (order: number) => order > 0,
  gte: (order: number) => order >= 0,
  lt: (order: number) => order < 0,
  lte: (order: number) => order <= 0,
} as const;

function passes(conditions: unknown, payload: string): boolean {
  const parsed = parseConditions(conditions);
  if (!parsed.ok) throw new Error(parsed.errors[0]?.message);
  return compileConditions(parsed.conditions)(eventWith({ payload: parseExact(payload) }));
}

function passesVendor(kind: VendorFilterKind, filter: string, payload: string): boolean {
  const parsed = parseVendorFilter(kind, filter);
  if (!parsed.ok) throw new Error(parsed.errors[0]?.message);
  return compileConditions(parsed.conditions)(eventWith({ payload: parseExact(payload) }));
}

function finds(query: string, payload: string): boolean {
  const parsed = parseQuery(query);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const event = {
    ...eventWith({ payload: parseExact(payload) }),
    id: 'evt_1',
    externalId: null,
    receivedAt: '2026-01-01T00:00:00Z',
  };
  const text = searchableText(event).text;
  const isFound = compileQuery(parsed.query)({ event, flags: [], text }, 0);
  // What the index is asked for must be there, or the list would never look at the event.
  if (isFound) {
    for (const { tokens, prefix } of requiredPhrases(parsed.query)) {
      expect(hasPhrase(tokenize(text), tokens, prefix)).toBe(true);
    }
  }
  return isFound;
}

describe('conditions on numbers of any length', () => {
  it('agree with fractions: equality, lists, order and ranges', () => {
    fc.assert(
      fc.property(pair, ([seen, wanted]) => {
        const order = compareAsFractions(seen, wanted);
        const value = parseExact(wanted);
        const payload = `{"n":${seen},"list":[null,${seen}],"deep":{"a":[${seen}]}}`;
        const field = 'payload.n';
        expect(passes({ field, op: 'eq', value }, payload)).toBe(order === 0);
        expect(passes({ field, op: 'ne', value }, payload)).toBe(order !== 0);
        expect(passes({ field, op: 'in', value: ['x', value] }, payload)).toBe(order === 0);
        expect(passes({ field, op: 'notIn', value: [value] }, payload)).toBe(order !== 0);
        expect(passes({ field: 'payload.list', op: 'contains', value }, payload)).toBe(order === 0);
        expect(passes({ field: 'payload.deep', op: 'eq', value: { a: [value] } }, payload)).toBe(order === 0);
        for (const [op, holds] of Object.entries(orders)) {
          expect(passes({ field, op, value }, payload)).toBe(holds(order));
        }
        const [low, high] = order <= 0 ? [parseExact(seen), value] : [value, parseExact(seen)];
        expect(passes({ field, op: 'between', value: [low, high] }, payload)).toBe(true);
        expect(passes({ field, op: 'between', value: [value, value] }, payload)).toBe(order === 0);
      }),
      RUNS,
    );
  });

  it('agree in a RevoEngine filter, a Flatfile filter and a query', () => {
    fc.assert(
      fc.property(pair, ([seen, wanted]) => {
        const order = compareAsFractions(seen, wanted);
        const payload = `{"n":${seen}}`;
        for (const [op, holds] of Object.entries({
          ...orders,
          eq: (o: number) => o === 0,
          ne: (o: number) => o !== 0,
        })) {
          const filter = `{"field":"message.n","op":"${op}","value":${wanted}}`;
          expect(passesVendor('revoengine', filter, payload)).toBe(holds(order));
        }
        expect(passesVendor('flatfile', `{"payload.n":${wanted}}`, payload)).toBe(order === 0);
        expect(passesVendor('flatfile', `{"n":[true,${wanted}]}`, payload)).toBe(order === 0);
        expect(finds(`payload.n:${wanted}`, payload)).toBe(order === 0);
        expect(finds(`payload.n:>${wanted}`, payload)).toBe(order > 0);
        expect(finds(`payload.n:<=${wanted}`, payload)).toBe(order <= 0);
      }),
      RUNS,
    );
  });

  it('keep numbers and texts apart, and take no part of a number for a field', () => {
    const payload = '{"n":9007199254740993,"t":"9007199254740993"}';
    expect(passes({ field: 'payload.n', op: 'eq', value: '9007199254740993' }, payload)).toBe(false);
    expect(passes({ field: 'payload.t', op: 'eq', value: parseExact('9007199254740993') }, payload)).toBe(false);
    for (const part of ['0', 'length', 'toString']) {
      expect(passes({ field: `payload.n.${part}`, op: 'exists' }, payload)).toBe(false);
    }
    expect(passes({ field: 'payload.n', op: 'startsWith', value: '9007' }, payload)).toBe(false);
    expect(passes({ field: 'payload.n', op: 'glob', value: '9007*' }, payload)).toBe(false);
  });

  it('say what was seen and wanted with all digits', () => {
    const value = parseExact('9007199254740993');
    const explained = compileExplainer({ field: 'payload.n', op: 'eq', value })(
      eventWith({ payload: parseExact('{"n":9007199254740995}') }),
    );
    expect(stringifyExact(explained)).toContain(
      '"expected":9007199254740993,"ignoreCase":false,"seen":{"present":true,"value":9007199254740995}',
    );
    expect(describeLeaf({ field: 'payload.n', op: 'in', value: [value, 1] })).toBe(
      'payload.n is one of 9007199254740993, 1',
    );
  });

  it('refuse a range whose ends only digits beyond a double put in order', () => {
    const range = (low: string, high: string) =>
      parseConditions({ field: 'payload.n', op: 'between', value: [parseExact(low), parseExact(high)] }).ok;
    expect(range('9007199254740992', '9007199254740993')).toBe(true);
    expect(range('9007199254740993', '9007199254740992')).toBe(false);
    expect(parseQuery('payload.n:9007199254740993..9007199254740992').ok).toBe(false);
  });
});
