import { describe, expect, it } from 'vitest';
import { describeLeaf } from '../../../shared/conditions/explain/describe.ts';
import { OPERATORS } from '../../../shared/conditions/operators.ts';
import { OPERATOR_NAMES } from '../../../shared/conditions/tree.ts';
import { check } from './events.ts';

const on = (value: unknown) => ({
  is: (op: string, wanted?: unknown, more?: object) =>
    check(
      { field: 'payload.v', op, ...(wanted === undefined ? {} : { value: wanted }), ...more },
      { payload: { v: value } },
    ),
});

const VALUE_FOR: Record<string, unknown> = {
  none: undefined,
  one: '2024-01-01',
  two: ['2024-01-01', '2024-02-01'],
  many: ['2024-01-01'],
};

describe('a missing field', () => {
  it.each(OPERATORS)('makes $name what the operator table says', ({ name, arity, whenMissing }) => {
    const isOnEvent = name === 'flatfile';
    const value = isOnEvent ? { 'payload.gone': '**' } : VALUE_FOR[arity];
    const field = isOnEvent ? 'event' : 'payload.gone';
    const leaf = { field, op: name, ...(value === undefined ? {} : { value }) };
    expect(check(leaf, { payload: { v: 1 } })).toBe(whenMissing);
    expect(whenMissing).toBe(['missing', 'ne', 'notIn', 'notContains', 'notLike'].includes(name));
  });

  it('is one whose key is not there; a null is', () => {
    expect(on(null).is('exists')).toBe(true);
    expect(on(null).is('missing')).toBe(false);
    expect(on(null).is('isNull')).toBe(true);
    expect(on(null).is('isNotNull')).toBe(false);
    expect(on(0).is('isNotNull')).toBe(true);
  });

  it('is not found in prototypes', () => {
    expect(check({ field: 'payload.toString', op: 'exists' }, { payload: {} })).toBe(false);
    expect(check({ field: 'payload.length', op: 'exists' }, { payload: 'text' })).toBe(false);
    expect(check({ field: 'payload.v.length', op: 'exists' }, { payload: { v: [1] } })).toBe(false);
  });
});

describe('equality', () => {
  it('minds the type', () => {
    expect(on(10000).is('eq', '10000')).toBe(false);
    expect(on('10000').is('eq', 10000)).toBe(false);
    expect(on(0).is('eq', false)).toBe(false);
    expect(on(1).is('eq', 1)).toBe(true);
  });

  it('compares objects by their parts, in any order, and lists in theirs', () => {
    expect(on({ a: 1, b: [2, { c: null }] }).is('eq', { b: [2, { c: null }], a: 1 })).toBe(true);
    expect(on({ a: 1, b: 2 }).is('eq', { a: 1 })).toBe(false);
    expect(on([1, 2]).is('eq', [1, 2])).toBe(true);
    expect(on([1, 2]).is('eq', [2, 1])).toBe(false);
  });

  it('takes any element of a list, and the opposite takes none', () => {
    expect(on(['a', 'b']).is('eq', 'b')).toBe(true);
    expect(on(['a', 'b']).is('ne', 'b')).toBe(false);
    expect(on(['a', 'b']).is('ne', 'c')).toBe(true);
    expect(on(['a', 'b']).is('in', ['x', 'a'])).toBe(true);
    expect(on(['a', 'b']).is('notIn', ['x', 'a'])).toBe(false);
    expect(on([]).is('eq', 'a')).toBe(false);
    expect(on([]).is('exists')).toBe(true);
    expect(on([null, 1]).is('isNull')).toBe(true);
    expect(on([null, 1]).is('isNotNull')).toBe(false);
  });

  it('ignores case when told to, also in lists and sigmas', () => {
    expect(on('ACME').is('eq', 'acme')).toBe(false);
    expect(on('ACME').is('eq', 'acme', { ignoreCase: true })).toBe(true);
    expect(on(['X', 'Ödi']).is('in', ['ÖDI'], { ignoreCase: true })).toBe(true);
    expect(on('ΟΔΟΣ').is('contains', 'οδοσ', { ignoreCase: true })).toBe(true);
  });

  it('with no values to choose from is false, and its opposite true', () => {
    expect(on(1).is('in', [])).toBe(false);
    expect(on(1).is('notIn', [])).toBe(true);
  });
});

describe('order', () => {
  it('exists between numbers', () => {
    expect(on(10).is('gt', 9.5)).toBe(true);
    expect(on(10).is('gt', 10)).toBe(false);
    expect(on(10).is('gte', 10)).toBe(true);
    expect(on(10).is('lt', 10)).toBe(false);
    expect(on(10).is('lte', 10)).toBe(true);
    expect(on(10).is('between', [10, 12])).toBe(true);
    expect(on(13).is('between', [10, 12])).toBe(false);
  });

  it('exists between times, whatever their zone', () => {
    expect(on('2024-05-01T12:00:00+02:00').is('lt', '2024-05-01T10:00:01Z')).toBe(true);
    expect(on('2024-05-01T10:00:00.5Z').is('gt', '2024-05-01T10:00:00Z')).toBe(true);
    expect(on('2024-05-01').is('gte', '2024-05-01T00:00:00Z')).toBe(true);
    expect(on('0001-01-01T00:00:00Z').is('lt', '1900-01-01')).toBe(true);
    expect(on('2024-02-15').is('between', ['2024-02-01', '2024-02-29'])).toBe(true);
  });

  it('does not exist between anything else', () => {
    expect(on('10').is('gt', 9)).toBe(false);
    expect(on('10').is('lt', 11)).toBe(false);
    expect(on(true).is('gte', 0)).toBe(false);
    expect(on(null).is('lte', 0)).toBe(false);
    expect(on(1714557600000).is('gt', '2024-01-01')).toBe(false);
    expect(on('soon').is('gt', '2024-01-01')).toBe(false);
    expect(on('2024-02-30').is('gt', '2024-01-01')).toBe(false);
  });

  it('takes any element of a list', () => {
    expect(on([1, 5]).is('gt', 4)).toBe(true);
    expect(on([1, 5]).is('between', [2, 4])).toBe(false);
  });
});

describe('text', () => {
  it('contains a part, a list contains an element', () => {
    expect(on('abc').is('contains', 'bc')).toBe(true);
    expect(on(['abc']).is('contains', 'bc')).toBe(false);
    expect(on(['abc']).is('contains', 'abc')).toBe(true);
    expect(on([1, { a: 2 }]).is('contains', { a: 2 })).toBe(true);
    expect(on(123).is('contains', '2')).toBe(false);
    expect(on('a1').is('contains', 1)).toBe(false);
    expect(on('abc').is('notContains', 'x')).toBe(true);
    expect(on(['abc']).is('notContains', 'abc')).toBe(false);
  });

  it('starts, ends and fits patterns as a whole', () => {
    expect(on('invoice.pdf').is('startsWith', 'inv')).toBe(true);
    expect(on('invoice.pdf').is('endsWith', '.PDF', { ignoreCase: true })).toBe(true);
    expect(on('a:b/c').is('glob', 'a*c')).toBe(true);
    expect(on('abc').is('glob', 'a?')).toBe(false);
    expect(on('a😀').is('glob', 'a?')).toBe(true);
    expect(on(['x', 'abc']).is('glob', 'ab*')).toBe(true);
    expect(on(5).is('glob', '*')).toBe(false);
  });

  it('matches RE2 anywhere in the text', () => {
    expect(on('order 4711').is('matches', '[0-9]{4}$')).toBe(true);
    expect(on('ORDER').is('matches', 'order', { ignoreCase: true })).toBe(true);
    expect(on(4711).is('matches', '[0-9]')).toBe(false);
  });

  it('is like SQL has it', () => {
    expect(on('invoice_7.pdf').is('like', 'inv%.pdf')).toBe(true);
    expect(on('invoice').is('like', 'inv')).toBe(false);
    expect(on('abc').is('like', 'a_c')).toBe(true);
    expect(on('ABC').is('like', 'a_c')).toBe(false);
    expect(on('ABC').is('like', 'a_c', { ignoreCase: true })).toBe(true);
    expect(on('50%').is('like', '50\\%')).toBe(true);
    expect(on('500').is('like', '50\\%')).toBe(false);
    expect(on('a*c').is('like', 'a*c')).toBe(true);
    expect(on('abc').is('like', 'a*c')).toBe(false);
    expect(on('abc').is('notLike', 'b%')).toBe(true);
    expect(on(['abc', 'b']).is('notLike', 'b%')).toBe(false);
    expect(on(5).is('like', '%')).toBe(false);
  });

  it('fits topics, whose segments only the colon separates', () => {
    expect(check({ field: 'type', op: 'segmentGlob', value: 'job:*' }, { type: 'job:ready' })).toBe(true);
    expect(check({ field: 'type', op: 'segmentGlob', value: 'job:*' }, { type: 'job.ready' })).toBe(false);
    expect(check({ field: 'type', op: 'segmentGlob', value: ['file:*', 'job:**'] }, { type: 'job' })).toBe(true);
    expect(on(['a', 'b:c']).is('segmentGlob', ['b:*'])).toBe(true);
  });

  it('finds keys of Flatfile filters anywhere in the event', () => {
    const event = { payload: { job: 'space:configure' }, context: { spaceId: 'us_sp_1', flatfile: { domain: 'job' } } };
    const fits = (value: unknown) => check({ field: 'event', op: 'flatfile', value }, event);
    expect(fits({ job: 'space:configure' })).toBe(true);
    expect(fits({ 'payload.job': ['x', 'space:*'] })).toBe(true);
    expect(fits({ 'context.job': 'space:*' })).toBe(false);
    expect(fits({ domain: 'job' })).toBe(true);
    expect(fits({ flatfile: '**' })).toBe(false);
  });

  it('fits event type patterns', () => {
    const event = { type: 'job.part/ready' };
    expect(check({ field: 'type', op: 'typePattern', value: 'job:**' }, event)).toBe(true);
    expect(check({ field: 'type', op: 'typePattern', value: ['job:*', 'user:*'] }, event)).toBe(false);
  });
});

describe('clauses', () => {
  it('all of nothing is true, any of nothing false', () => {
    expect(check({ all: [] }, {})).toBe(true);
    expect(check({ any: [] }, {})).toBe(false);
    expect(check({ not: { any: [] } }, {})).toBe(true);
  });
});

describe('the operator table', () => {
  it('has every operator once', () => {
    expect(OPERATORS.map((operator) => operator.name)).toEqual([...OPERATOR_NAMES]);
  });

  it('makes clauses readable', () => {
    expect(describeLeaf({ field: 'payload.size', op: 'gt', value: 10 })).toBe('payload.size is more than 10');
    expect(describeLeaf({ field: 'type', op: 'in', value: ['a', 'b'], ignoreCase: true })).toBe(
      'type is one of "a", "b" (any case)',
    );
    expect(describeLeaf({ field: 'payload.n', op: 'between', value: [1, 2] })).toBe('payload.n is between 1 and 2');
    expect(describeLeaf({ field: 'event', op: 'flatfile', value: { job: 'space:*' } })).toBe(
      'event has (Flatfile) {"job":"space:*"}',
    );
    expect(describeLeaf({ field: 'payload.n', op: 'exists' })).toBe('payload.n exists');
  });
});
