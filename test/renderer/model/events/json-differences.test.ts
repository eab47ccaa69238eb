import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairRuns } from '../../../../renderer/features/live/model/pair-runs.ts';
import { jsonDifferences, maxDifferences, orderedLike } from '../../../../renderer/model/events/json-differences.ts';
import { parseExact } from '../../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../../shared/exact-json/stringify-exact.ts';

describe('differences of two JSON values', () => {
  it('are told by field, whatever the order of names', () => {
    const before = parseExact('{"id": 1, "customer": {"name": "Ada", "tags": ["a", "b"]}, "old": null}');
    const after = parseExact('{"customer": {"tags": ["a", "c", "d"], "name": "Ada"}, "id": "1", "new": {"x": 1}}');
    expect(jsonDifferences(before, after)).toEqual([
      { path: ['id'], before: 1, after: '1' },
      { path: ['customer', 'tags', '1'], before: 'b', after: 'c' },
      { path: ['customer', 'tags', '2'], before: undefined, after: 'd' },
      { path: ['old'], before: null, after: undefined },
      { path: ['new'], before: undefined, after: { x: 1 } },
    ]);
  });

  it('see every digit, and no names that objects have anyway', () => {
    expect(jsonDifferences(parseExact('[9007199254740993]'), parseExact('[9007199254740992]'))).toHaveLength(1);
    expect(jsonDifferences(parseExact('{"__proto__": 1}'), parseExact('{}'))).toHaveLength(1);
    expect(jsonDifferences({}, { toString: 1 })).toEqual([{ path: ['toString'], before: undefined, after: 1 }]);
  });

  it('end at a bound', () => {
    const many = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`n${n}`, n]));
    expect(jsonDifferences(many, {})).toHaveLength(maxDifferences + 1);
  });

  it('are none of a value and itself in another order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = parseExact(JSON.stringify(value));
        const like = parseExact(JSON.stringify(reversed(value)));
        expect(jsonDifferences(json, like)).toEqual([]);
        expect(stringifyExact(orderedLike(like, json))).toBe(stringifyExact(json));
      }),
      { numRuns: 50 },
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, reversed(part)]),
  );
}

describe('runs of two events', () => {
  const run = (id: string, listener: string | null, job: string) => ({
    id,
    listener,
    job,
    state: 'completed' as const,
  });

  it('are paired by listener and job, the latest of each', () => {
    const pairs = pairRuns(
      [run('run_1', 'a', 'import'), run('run_3', 'a', 'import'), run('run_2', 'b', 'mail')],
      [run('run_5', 'c', 'mail'), run('run_4', 'a', 'import')],
    );
    expect(pairs.map(({ listener, a, b }) => [listener, a?.id, b?.id])).toEqual([
      ['a', 'run_3', 'run_4'],
      ['b', 'run_2', undefined],
      ['c', undefined, 'run_5'],
    ]);
  });
});
