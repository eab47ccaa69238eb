import { describe, expect, it } from 'vitest';
import { compileExplainer, UNREACHABLE } from '../../../shared/conditions/explain/explain.ts';
import type { ConditionInput } from '../../../shared/conditions/tree.ts';
import { eventWith, parsed } from './events.ts';

const explain = (input: unknown, event: Partial<ConditionInput>) => compileExplainer(parsed(input))(eventWith(event));

describe('explaining', () => {
  it('shows every clause with what was seen', () => {
    const input = { all: [{ field: 'payload.size', op: 'gt', value: 10 }, { 'payload.gone': 'x' }] };
    const explanation = explain(input, { payload: { size: 3 } });
    expect(explanation).toMatchObject({
      kind: 'all',
      passed: false,
      distance: 2,
      children: [
        {
          kind: 'leaf',
          passed: false,
          field: 'payload.size',
          op: 'gt',
          expected: 10,
          seen: { present: true, value: 3 },
        },
        { kind: 'all', passed: false, children: [{ kind: 'leaf', seen: { present: false } }] },
      ],
    });
  });

  it('counts how many clauses stand in the way', () => {
    const event = { type: 'a', payload: { n: 1 } };
    const wrong = { field: 'type', op: 'eq', value: 'x' };
    const right = { field: 'type', op: 'eq', value: 'a' };
    expect(explain({ all: [wrong, right, wrong] }, event).distance).toBe(2);
    expect(explain({ any: [{ all: [wrong, wrong] }, wrong] }, event).distance).toBe(1);
    expect(explain({ not: { all: [right, right] } }, event).distance).toBe(1);
    expect(explain({ not: { any: [right, right] } }, event).distance).toBe(2);
    expect(explain({ any: [] }, event).distance).toBe(UNREACHABLE);
    expect(explain({ not: { all: [] } }, event).distance).toBe(UNREACHABLE);
  });

  it('keeps a copy of large values small', () => {
    const payload = { big: { text: 'x'.repeat(10_000), list: Array.from({ length: 1_000 }, (_, index) => index) } };
    const explanation = explain({ field: 'payload.big', op: 'exists' }, { payload });
    expect(JSON.stringify(explanation).length).toBeLessThan(1_000);
    const wide = explain(
      { field: 'payload.items.id', op: 'eq', value: 5 },
      {
        payload: { items: Array.from({ length: 300 }, (_, id) => ({ id })) },
      },
    );
    expect(wide).toMatchObject({ passed: true, seen: { count: 300 } });
    expect(JSON.stringify(wide).length).toBeLessThan(1_000);
  });
});
