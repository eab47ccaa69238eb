import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StepKind, valueSteps } from '../../../renderer/ui/charts/value-steps.ts';

describe('the lines of an axis', () => {
  it('reach the highest value', () => {
    expect(valueSteps(3.6, 'decimal')).toEqual([0, 2, 4]);
    expect(valueSteps(1200, 'decimal')).toEqual([0, 500, 1000, 1500]);
    expect(valueSteps(0.6, 'decimal')).toHaveLength(4);
    expect(valueSteps(0.4, 'decimal')).toEqual([0, 0.2, 0.4]);
    expect(valueSteps(21 * 2 ** 20, 'binary')).toEqual([0, 8, 16, 24].map((mib) => mib * 2 ** 20));
  });

  it('are whole numbers for counts, and never the same twice', () => {
    expect(valueSteps(1, 'whole')).toEqual([0, 1]);
    expect(valueSteps(2, 'whole')).toEqual([0, 1, 2]);
    expect(valueSteps(4, 'whole')).toEqual([0, 2, 4]);
  });

  it('are there without any value', () => {
    expect(valueSteps(0, 'decimal')).toEqual([0, 1]);
    expect(valueSteps(Number.NaN, 'whole')).toEqual([0, 1]);
  });

  it('are few and evenly spaced for any value', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e15, noNaN: true }),
        fc.constantFrom<StepKind>('decimal', 'whole', 'binary'),
        (max, kind) => {
          const steps = valueSteps(max, kind);
          expect(steps.length).toBeGreaterThan(1);
          expect(steps.length).toBeLessThanOrEqual(5);
          expect((steps.at(-1) ?? 0) * (1 + 1e-9)).toBeGreaterThanOrEqual(max);
          // The chart asks again with the value of its highest line.
          expect(valueSteps(steps.at(-1) ?? 0, kind)).toEqual(steps);
        },
      ),
    );
  });
});
