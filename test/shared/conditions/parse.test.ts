import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseConditions } from '../../../shared/conditions/parse/parse.ts';
import { conditionsSchema, conditionTreeSchema } from '../../../shared/conditions/schema.ts';
import { errorsOf, parsed } from './events.ts';

const nested = (depth: number): unknown => {
  let node: unknown = { field: 'type', op: 'exists' };
  for (let level = 1; level < depth; level += 1) node = { not: node };
  return node;
};

describe('parsing conditions', () => {
  it.each([undefined, null, {}])('takes %j as every event', (input) => {
    expect(parsed(input)).toEqual({ all: [] });
  });

  it('turns the short form into a tree, also inside one', () => {
    expect(parsed({ 'payload.status': ['a', 'b'], 'context.spaceId': 'x' })).toEqual({
      all: [
        { field: 'payload.status', op: 'in', value: ['a', 'b'] },
        { field: 'context.spaceId', op: 'eq', value: 'x' },
      ],
    });
    expect(parsed({ not: { 'payload.gone': null } })).toEqual({
      not: { all: [{ field: 'payload.gone', op: 'eq', value: null }] },
    });
  });

  it('points at the clause at fault, at all of them', () => {
    const input = {
      all: [
        { field: 'payload.a', op: 'eq', value: 1 },
        { any: [{ field: 'payload.a', op: 'equals', value: 1 }, { not: { field: 'nope', op: 'exists' } }] },
        { field: 'payload.size', op: 'gt', value: '10' },
      ],
    };
    expect(errorsOf(input)).toEqual([
      ['all/1/any/0/op', expect.stringContaining('no operator "equals"')],
      ['all/1/any/1/not/field', expect.stringContaining('Fields start with')],
      ['all/2/value', expect.stringContaining('number or an ISO time')],
    ]);
  });

  it.each([
    [{ field: 'type' }, 'op', 'no operator'],
    [{ op: 'eq', value: 1 }, 'field', 'has no field'],
    [{ field: 'type', op: 'eq' }, 'value', 'needs a value'],
    [{ field: 'type', op: 'exist' }, 'op', 'Did you mean "exists"'],
    [{ field: 'type', op: 'exists', value: 'x' }, 'value', 'takes no value'],
    [{ field: 'type', op: 'eq', vaule: 1, value: 1 }, 'vaule', 'did you mean "value"'],
    [{ field: 'type', op: 'in', value: 'a' }, 'value', 'list'],
    [{ field: 'type', op: 'between', value: [2, 1] }, 'value', 'smaller value first'],
    [{ field: 'type', op: 'between', value: [1] }, 'value', 'two values'],
    [{ field: 'type', op: 'between', value: [1, '2024-01-01'] }, 'value', 'two numbers or two'],
    [{ field: 'type', op: 'matches', value: '(?=a)' }, 'value', 'RE2'],
    [{ field: 'type', op: 'glob', value: 5 }, 'value', 'text'],
    [{ field: 'type', op: 'gt', value: 5, ignoreCase: true }, 'ignoreCase', 'no meaning'],
    [{ field: 'type', op: 'eq', value: 'a', ignoreCase: 'yes' }, 'ignoreCase', 'true or false'],
    [{ field: 'type', op: 'eq', value: Number.NaN }, 'value', 'finite'],
    [{ field: 'type', op: 'in', value: ['a', undefined] }, 'value/1', 'missing'],
    [{ field: 'payload.__proto__.x', op: 'exists' }, 'field', '__proto__'],
    [{ all: [], any: [] }, '', 'one key'],
    [{ all: {} }, 'all', 'list of clauses'],
    [{ any: [{}] }, 'any/0', 'empty'],
    [[], '', 'object'],
    ['payload.a', '', 'object'],
    [{ 'payload.size': { $gt: 10 } }, 'payload.size', 'for an operator write'],
    [{ 'payload.a': ['x', () => 1] }, 'payload.a/1', 'no function'],
    [{ al: [] }, 'al', 'did you mean "all"'],
  ])('refuses %j', (input, path, message) => {
    expect(errorsOf(input)).toEqual([[path, expect.stringContaining(message)]]);
  });

  it('refuses a key that would set a prototype', () => {
    const input = JSON.parse('{"field":"payload.a","op":"eq","value":{"__proto__":{"x":1}}}');
    expect(errorsOf(input)).toEqual([['value/__proto__', expect.stringContaining('__proto__')]]);
  });

  it('allows 32 levels and 500 leaves and no more', () => {
    expect(errorsOf(nested(32))).toEqual([]);
    expect(errorsOf(nested(33))).toEqual([[expect.stringMatching(/^not\//), expect.stringContaining('32')]]);
    const leaves = (count: number) => ({ any: Array.from({ length: count }, () => ({ field: 'type', op: 'exists' })) });
    expect(errorsOf(leaves(500))).toEqual([]);
    expect(errorsOf(leaves(501))).toEqual([['any/500', expect.stringContaining('500')]]);
  });

  it('survives input that is endlessly deep or circular', () => {
    expect(parseConditions(nested(100_000)).ok).toBe(false);
    const circular: { not?: unknown } = {};
    circular.not = circular;
    expect(parseConditions(circular).ok).toBe(false);
    const value: unknown[] = [];
    value.push(value);
    expect(parseConditions({ field: 'type', op: 'eq', value }).ok).toBe(false);
  });

  it('drops an ignoreCase that is off and a value that says nothing', () => {
    expect(parsed({ field: 'type', op: 'exists', value: true, ignoreCase: false })).toEqual({
      field: 'type',
      op: 'exists',
    });
  });
});

describe('the schemas', () => {
  it('parse any form into the tree, issues at the clause', () => {
    const schema = z.object({ where: conditionsSchema });
    expect(schema.parse({ where: { type: 'a' } })).toEqual({
      where: { all: [{ field: 'type', op: 'eq', value: 'a' }] },
    });
    expect(schema.parse({})).toEqual({ where: { all: [] } });
    const result = schema.safeParse({ where: { all: [{ field: 'type', op: 'nope', value: 1 }] } });
    expect(result.error?.issues.map((issue) => issue.path)).toEqual([['where', 'all', 0, 'op']]);
  });

  it('can be written as JSON Schema', () => {
    expect(z.toJSONSchema(conditionTreeSchema)).toMatchObject({ $schema: expect.any(String) });
    expect(z.toJSONSchema(conditionsSchema, { io: 'input' })).toBeTypeOf('object');
    expect(z.toJSONSchema(conditionsSchema, { io: 'output' })).toBeTypeOf('object');
  });
});
