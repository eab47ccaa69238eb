import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileConditions } from '../../../shared/conditions/evaluate/compile.ts';
import { compileExplainer } from '../../../shared/conditions/explain/explain.ts';
import { parseConditions } from '../../../shared/conditions/parse/parse.ts';
import type { Conditions } from '../../../shared/conditions/tree.ts';
import { anyConditions, anyEvent } from './arbitraries.ts';
import { referenceMatches } from './reference-evaluator.ts';

const RUNS = { numRuns: 5_000 };

describe('compiled conditions', () => {
  it('agree with a naive reading of the rules', () => {
    let passed = 0;
    fc.assert(
      fc.property(anyConditions, anyEvent, (tree, event) => {
        const expected = referenceMatches(tree, event);
        passed += expected ? 1 : 0;
        expect(compileConditions(tree)(event)).toBe(expected);
      }),
      { numRuns: 20_000 },
    );
    // Else the events and conditions of this test would hardly ever meet.
    expect(passed).toBeGreaterThan(4_000);
    expect(passed).toBeLessThan(16_000);
  });

  it('give the opposite answer under not', () => {
    fc.assert(
      fc.property(anyConditions, anyEvent, (tree, event) => {
        expect(compileConditions({ not: tree })(event)).toBe(!compileConditions(tree)(event));
      }),
      RUNS,
    );
  });

  it('never throw, whatever stands in an event', () => {
    const anything = fc.anything({
      withNullPrototype: true,
      withDate: true,
      withMap: true,
      withSparseArray: true,
      withBigInt: true,
    });
    const parts = fc.record(
      { context: anything, payload: anything, type: anything, headers: anything },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyConditions, parts, (tree, event) => {
        const test = compileConditions(tree);
        expect(typeof Reflect.apply(test, undefined, [event])).toBe('boolean');
      }),
      RUNS,
    );
  });
});

describe('explanations', () => {
  it('come to the same verdict, with distance 0 exactly when passed', () => {
    fc.assert(
      fc.property(anyConditions, anyEvent, (tree, event) => {
        const explanation = compileExplainer(tree)(event);
        expect(explanation.passed).toBe(compileConditions(tree)(event));
        expect(explanation.distance === 0).toBe(explanation.passed);
      }),
      RUNS,
    );
  });
});

describe('parsing', () => {
  it('gives a valid tree back as it is, also through JSON', () => {
    fc.assert(
      fc.property(anyConditions, (tree) => {
        const result = parseConditions(JSON.parse(JSON.stringify(tree)));
        expect(result).toEqual({ ok: true, conditions: tree });
      }),
      RUNS,
    );
  });

  it('never throws, and what it accepts compiles', () => {
    const node = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.anything(),
        fc.record(
          {
            field: fc.oneof(fc.string(), fc.constantFrom('type', 'payload.a', 'payload.__proto__')),
            op: fc.constantFrom('eq', 'in', 'gt', 'between', 'matches', 'glob', 'exists', 'typePattern', 'nope'),
            value: fc.anything(),
            ignoreCase: fc.constantFrom(true, false, undefined, 1),
          },
          { requiredKeys: [] },
        ),
        fc.record({ all: fc.array(tie('node'), { maxLength: 3 }) }),
        fc.record({ not: tie('node') }),
      ),
    })).node;
    fc.assert(
      fc.property(node, (input) => {
        const result = parseConditions(input);
        if (result.ok) compileConditions(result.conditions);
        else expect(result.errors.length).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  it('turns the short form into equalities that mean the same', () => {
    const value = fc.constantFrom('a', 'b', 1, true, null);
    const shortForm = fc.dictionary(
      fc.constantFrom('payload.a', 'payload.b', 'type'),
      fc.oneof(value, fc.array(value, { maxLength: 3 })),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(shortForm, anyEvent, (input, event) => {
        const result = parseConditions(input);
        if (!result.ok) throw new Error(result.errors[0]?.message);
        const all = Object.entries(input).map(
          ([field, wanted]): Conditions => ({
            any: (Array.isArray(wanted) ? wanted : [wanted]).map((one) => ({ field, op: 'eq', value: one })),
          }),
        );
        expect(compileConditions(result.conditions)(event)).toBe(referenceMatches({ all }, event));
      }),
      RUNS,
    );
  });
});
