import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileConditions } from '../../../shared/conditions/evaluate/compile.ts';
import { compileTypeGate, looseType, type TypeKeys } from '../../../shared/conditions/evaluate/type-gate.ts';
import { firstSegment } from '../../../shared/conditions/patterns/type-pattern.ts';
import type { Conditions, Leaf } from '../../../shared/conditions/tree.ts';
import { readVendorFilter } from '../../../shared/conditions/vendor-filters/vendor-filter.ts';
import { anyConditions, anyEvent } from './arbitraries.ts';

const types = fc.constantFrom(
  ...['job:ready', 'job', 'job:', 'job::ready', 'job:ready::', 'job.ready', 'job/ready', 'Job:ready', 'job:a:ready'],
  ...['a', 'a.b:c', ':a', '::a', '.a', ':', '', 'a*', 'a\\:'],
);
const patterns = fc.oneof(
  types,
  fc.constantFrom(
    'job:*',
    'job:**',
    '**:ready',
    'job*',
    'job:?eady',
    '**',
    '*',
    ':*',
    ':**',
    'a.*',
    'a.**:c',
    'jo\\b:ready',
  ),
  fc
    .array(fc.constantFrom('job', 'ready', 'a', ':', '.', '*', '**', '?', '\\'), { maxLength: 4 })
    .map((all) => all.join('')),
);
const typeLeaf: fc.Arbitrary<Leaf> = fc
  .tuple(
    fc.oneof(
      fc.record({ op: fc.constantFrom('eq', 'ne', 'startsWith', 'endsWith', 'contains'), value: types }),
      fc.record({ op: fc.constantFrom('in', 'notIn'), value: fc.array(types, { maxLength: 3 }) }),
      fc.record({ op: fc.constantFrom('glob', 'segmentGlob', 'like'), value: patterns }),
      fc.record({
        op: fc.constantFrom('segmentGlob', 'typePattern'),
        value: fc.array(patterns, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ op: fc.constantFrom('exists', 'missing', 'isNull') }),
    ),
    fc.constantFrom('type', 'type', 'type', 'source'),
    fc.boolean(),
  )
  .map(([rest, field, fold]): Leaf => {
    const folds = ['eq', 'in', 'glob', 'startsWith'].includes(rest.op);
    return { field, ...rest, ...(fold && folds ? { ignoreCase: true as const } : {}) };
  });
const treeOf = (leaf: fc.Arbitrary<Conditions>): fc.Arbitrary<Conditions> =>
  fc.letrec<{ node: Conditions }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('node'), { maxLength: 3 }).map((all): Conditions => ({ all })),
      fc.array(tie('node'), { maxLength: 3 }).map((any): Conditions => ({ any })),
      tie('node').map((not): Conditions => ({ not })),
    ),
  })).node;
const events = fc
  .tuple(anyEvent, types, fc.constantFrom('crm', 'a'))
  .map(([event, type, source]) => ({ ...event, type, source }));

const hasKey = (keys: TypeKeys, type: string): boolean =>
  'loose' in keys ? keys.loose.includes(looseType(type)) : keys.first.includes(firstSegment(type));

const trees = fc
  .array(fc.oneof(typeLeaf, typeLeaf, treeOf(typeLeaf), anyConditions), { minLength: 1, maxLength: 3 })
  .map((all): Conditions => ({ all }));

const NARROWING = ['eq', 'in', 'startsWith', 'glob', 'segmentGlob', 'typePattern'];

describe('the gate of a tree', () => {
  it('lets every type through that can pass, by its test and by its keys', () => {
    let passed = 0;
    let narrowed = 0;
    fc.assert(
      fc.property(trees, events, (tree, event) => {
        if (!compileConditions(tree)(event)) return;
        const { admits, keys } = compileTypeGate(tree);
        passed += 1;
        expect(admits(event.source, event.type)).toBe(true);
        if (keys === null) return;
        narrowed += 1;
        expect(hasKey(keys, event.type)).toBe(true);
      }),
      { numRuns: 30_000 },
    );
    expect(passed).toBeGreaterThan(4_000);
    expect(narrowed).toBeGreaterThan(100);
  });

  it('has keys for every type that a leaf takes', () => {
    const narrowing = typeLeaf.filter(({ field, op }) => field === 'type' && NARROWING.includes(op));
    let narrowed = 0;
    fc.assert(
      fc.property(narrowing, events, (leaf, event) => {
        const { keys } = compileTypeGate(leaf);
        if (keys === null || !compileConditions(leaf)(event)) return;
        narrowed += 1;
        expect(hasKey(keys, event.type)).toBe(true);
      }),
      { numRuns: 30_000 },
    );
    expect(narrowed).toBeGreaterThan(1_000);
  });

  it('is all there is to a tree about type and source alone', () => {
    fc.assert(
      fc.property(treeOf(typeLeaf), events, (tree, event) => {
        expect(compileTypeGate(tree).admits(event.source, event.type)).toBe(compileConditions(tree)(event));
      }),
      { numRuns: 10_000 },
    );
  });

  it('of a vendor filter goes by its topic', () => {
    const keysOf = (topic: string | string[]) => {
      const read = readVendorFilter({ flatfile: { job: 'space:configure' }, topic });
      if (!read.ok) throw new Error(read.errors[0]?.message);
      return compileTypeGate(read.conditions).keys;
    };
    expect(keysOf('job:ready')).toEqual({ loose: ['job:ready'] });
    expect(keysOf(['job:ready', 'file:*'])).toEqual({ first: ['file', 'job'] });
    expect(keysOf('**:ready')).toBeNull();
    expect(keysOf([])).toEqual({ loose: [] });
  });
});
