import { describe, expect, it } from 'vitest';
import { compileConditions } from '../../../shared/conditions/evaluate/compile.ts';
import { parseConditions } from '../../../shared/conditions/parse/parse.ts';
import type { Conditions } from '../../../shared/conditions/tree.ts';
import { parseRevoengineFilter } from '../../../shared/conditions/vendor-filters/revoengine-filter.ts';
import { parseVendorFilter, readVendorFilter } from '../../../shared/conditions/vendor-filters/vendor-filter.ts';
import { eventWith } from './events.ts';

function parsed(input: unknown): Conditions {
  const result = parseRevoengineFilter(input);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.conditions;
}

const event = eventWith({
  type: 'USER_UPDATE',
  context: { correlationId: 'c-1', retries: 0 },
  payload: { amount: 10_000, text: '10000', name: 'Ann Lee', note: '50% off', tags: ['a', 'b'], gone: null },
});
const takes = (input: unknown): boolean => compileConditions(parsed(input))(event);
const leaf = (field: string, op: string, value?: unknown) => ({ field, op, ...(value === undefined ? {} : { value }) });
const errors = (input: unknown): string[] => {
  const result = parseRevoengineFilter(input);
  return result.ok ? [] : result.errors.map(({ path }) => path.join('/'));
};

describe("RevoEngine's filters", () => {
  it('take everything when empty', () => {
    expect([undefined, null, {}].map(takes)).toEqual([true, true, true]);
    expect(takes({ and: [] })).toBe(true);
  });

  it('read the message, the metadata and the type', () => {
    expect(takes(leaf('message.amount', 'eq', 10_000))).toBe(true);
    expect(takes(leaf('metadata.correlationId', 'eq', 'c-1'))).toBe(true);
    expect(takes(leaf('type', 'in', ['USER_CREATE', 'USER_UPDATE']))).toBe(true);
    expect(takes(leaf('message.tags.1', 'eq', 'b'))).toBe(true);
    expect(parsed(leaf('message.a b.c[0]', 'isNotNull'))).toEqual({ field: 'payload."a b"."c[0]"', op: 'isNotNull' });
  });

  it('mind types, and order numbers only', () => {
    expect(takes(leaf('message.amount', 'eq', '10000'))).toBe(false);
    expect(takes(leaf('message.text', 'gt', 1))).toBe(false);
    expect(takes(leaf('message.amount', 'gte', 10_000))).toBe(true);
    expect(errors(leaf('message.amount', 'lt', '2026-01-01'))).toEqual(['value']);
  });

  it.each([
    ['ne', 'x', true],
    ['in', ['Ann Lee'], true],
    ['notIn', ['Ann Lee'], false],
    ['contains', 'Lee', true],
    ['startsWith', 'Ann', true],
    ['endsWith', 'ann', false],
    ['like', 'Ann %', true],
    ['like', 'ann %', false],
    ['notLike', 'ann %', true],
    ['ilike', 'ann _ee', true],
    ['notILike', 'ann _ee', false],
  ])('know %s %j', (op, value, expected) => {
    expect(takes(leaf('message.name', op, value))).toBe(expected);
  });

  it('know null and missing', () => {
    expect(takes(leaf('message.gone', 'isNull'))).toBe(true);
    expect(takes(leaf('message.never', 'isNull', null))).toBe(true);
    expect(takes(leaf('message.name', 'isNull'))).toBe(false);
    expect(takes(leaf('message.name', 'isNotNull'))).toBe(true);
    expect(takes(leaf('message.never', 'isNotNull'))).toBe(false);
  });

  it('nest', () => {
    const filter = {
      and: [
        { or: [leaf('type', 'eq', 'USER_CREATE'), leaf('type', 'like', 'USER%')] },
        { not: leaf('message.amount', 'gt', 20_000) },
      ],
    };
    expect(takes(filter)).toBe(true);
    expect(takes({ not: filter })).toBe(false);
    const conditions = parsed(filter);
    expect(parseConditions(JSON.parse(JSON.stringify(conditions)))).toEqual({ ok: true, conditions });
  });

  it('point at the clause at fault, all of them', () => {
    expect(
      errors({
        and: [
          leaf('message.a', 'equals', 1),
          { or: [leaf('payload.a', 'eq', 1), { not: leaf('message.__proto__.x', 'isNull') }] },
          leaf(`message.${'a.'.repeat(11)}a`, 'isNull'),
          leaf('message.a', 'in', 'x'),
          { feild: 'type', op: 'isNull' },
          leaf('message..a', 'isNull'),
        ],
      }),
    ).toEqual([
      'and/0/op',
      'and/1/or/0/field',
      'and/1/or/1/not/field',
      'and/2/field',
      'and/3/value',
      'and/4/feild',
      'and/4/field',
      'and/5/field',
    ]);
    expect(errors({ and: [], not: {} })).toEqual(['']);
    expect(errors({ or: [] })).toEqual(['or']);
    expect(errors({ and: {} })).toEqual(['and']);
    expect(errors([])).toEqual(['']);
    let deep: unknown = leaf('type', 'isNull');
    for (let level = 0; level < 40; level += 1) deep = { not: deep };
    expect(errors(deep)).toHaveLength(1);
    expect(errors({ and: Array.from({ length: 501 }, () => leaf('type', 'isNull')) })).toHaveLength(1);
  });
});

describe('filters of vendors', () => {
  it('are read as they are pasted', () => {
    expect(parseVendorFilter('revoengine', '{"field": "type", "op": "eq", "value": "A"}')).toEqual({
      ok: true,
      conditions: { field: 'type', op: 'eq', value: 'A' },
    });
    expect(parseVendorFilter('flatfile', { job: 'space:*' }, 'job:ready')).toEqual({
      ok: true,
      conditions: {
        all: [
          { field: 'type', op: 'segmentGlob', value: ['job:ready'] },
          { field: 'event', op: 'flatfile', value: { job: 'space:*' } },
        ],
      },
    });
    expect(parseVendorFilter('flatfile', '{"job": ')).toMatchObject({ ok: false, errors: [{ path: [] }] });
  });

  it('are kept beside their conditions', () => {
    expect(readVendorFilter({ topic: 'job:*', flatfile: { topic: 'a' } })).toMatchObject({
      ok: true,
      filter: { topic: 'job:*', flatfile: { topic: 'a' } },
    });
    const at = (input: unknown): string[] => {
      const result = readVendorFilter(input);
      return result.ok ? [] : result.errors.map(({ path }) => path.join('/'));
    };
    expect(at({ topic: 1, flatfile: { topic: {}, list: [{}] } })).toEqual([
      'topic',
      'flatfile/topic',
      'flatfile/list/0',
    ]);
    expect(at({ revoengine: { field: 'x', op: 'eq', value: 1 } })).toEqual(['revoengine/field']);
    expect(at({ revoengine: {}, topic: 'a' })).toEqual(['topic']);
    expect(at({ deck: {} })).toEqual(['']);
    expect(at('x')).toEqual(['']);
  });
});
