import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../../shared/conditions/patterns/regex.ts';
import { canonicalType, compileTypePattern, firstSegment } from '../../../shared/conditions/patterns/type-pattern.ts';
import { compileWildcard } from '../../../shared/conditions/patterns/wildcard.ts';
import { globs, referenceTypeMatches } from './reference-evaluator.ts';

const matches = (patterns: string | string[] | undefined, type: string): boolean =>
  compileTypePattern(typeof patterns === 'string' ? [patterns] : patterns).matches(type);

describe('type patterns', () => {
  it('stay inside a segment with * and ?', () => {
    expect(matches('job:*', 'job:ready')).toBe(true);
    expect(matches('job:*', 'job:part:ready')).toBe(false);
    expect(matches('job:*', 'job')).toBe(false);
    expect(matches('*', 'job:ready')).toBe(false);
    expect(matches('USER_*', 'USER_CREATED')).toBe(true);
    expect(matches('v?:x', 'v1:x')).toBe(true);
    expect(matches('v?:x', 'v12:x')).toBe(false);
  });

  it('span zero or more segments with **', () => {
    expect(matches('job:**', 'job')).toBe(true);
    expect(matches('job:**', 'job:a:b')).toBe(true);
    expect(matches('**:ready', 'ready')).toBe(true);
    expect(matches('**:ready', 'job:part:ready')).toBe(true);
    expect(matches('a:**:b:**:c', 'a:x:b:b:y:c')).toBe(true);
    expect(matches('a:**:b', 'a:b:c')).toBe(false);
  });

  it('do not care which separator stands where', () => {
    expect(matches('user.created', 'user:created')).toBe(true);
    expect(matches('account/v1/*', 'account/v1/userCreated')).toBe(true);
    expect(matches('task_run:*', 'task_run.completed')).toBe(true);
  });

  it('are an OR, and none take everything', () => {
    expect(matches(['a', 'b:*'], 'b:c')).toBe(true);
    expect(matches(['a', 'b:*'], 'c')).toBe(false);
    expect(matches([], 'anything')).toBe(true);
    expect(matches(undefined, '')).toBe(true);
    expect(matches('Job', 'job')).toBe(false);
  });

  it('agree with a naive recursive matcher', () => {
    const piece = fc.constantFrom('a', 'b', 'ab', '*', '**', 'a*', '?', '?b', '', 'a**b');
    const separator = fc.constantFrom(':', '.', '/');
    const joined = (part: fc.Arbitrary<string>) =>
      fc
        .array(fc.tuple(part, separator), { minLength: 1, maxLength: 6 })
        .map((parts) => parts.flat().slice(0, -1).join(''));
    fc.assert(
      fc.property(joined(piece), joined(fc.constantFrom('a', 'b', 'ab', 'aab', '')), (pattern, type) => {
        expect(matches(pattern, type)).toBe(referenceTypeMatches(pattern, type));
      }),
      { numRuns: 20_000 },
    );
  });

  it('give the index its keys, which never lose a match', () => {
    expect(compileTypePattern(['a.b', 'a/b', 'c']).literalTypes).toEqual(['a:b', 'c']);
    expect(compileTypePattern(['a:*', 'b']).literalTypes).toBeNull();
    expect(compileTypePattern(['a:*', 'b']).firstSegments).toEqual(['a', 'b']);
    expect(compileTypePattern(['a:*', '*:b']).firstSegments).toBeNull();
    expect(compileTypePattern(['a', '**'])).toMatchObject({
      matchesAll: true,
      literalTypes: null,
      firstSegments: null,
    });
    const text = fc
      .array(fc.constantFrom('a', 'b', ':', '.', '*', '?'), { minLength: 1, maxLength: 6 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), text, (patterns, type) => {
        const pattern = compileTypePattern(patterns);
        if (!pattern.matches(type)) return;
        expect(pattern.literalTypes?.includes(canonicalType(type)) ?? true).toBe(true);
        expect(pattern.firstSegments?.includes(firstSegment(type)) ?? true).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('wildcards', () => {
  it('agree with a naive recursive matcher', () => {
    const letters = (pool: string[]) => fc.array(fc.constantFrom(...pool), { maxLength: 8 });
    fc.assert(
      fc.property(letters(['a', 'b', '*', '?', '😀']), letters(['a', 'b', '😀']), (pattern, text) => {
        const expected = globs(pattern, text);
        expect(compileWildcard(pattern.join(''))(text.join(''))).toBe(expected);
      }),
      { numRuns: 20_000 },
    );
  });

  it('never take more steps than pattern length × text length', () => {
    const hostile = [
      ['*a'.repeat(30), 'a'.repeat(2_000)],
      [`${'*a'.repeat(30)}b`, 'a'.repeat(2_000)],
      [`*${'a'.repeat(100)}b`, 'a'.repeat(2_000)],
      ['*?*?*?*?*?x', '😀'.repeat(1_000)],
    ] as const;
    for (const [pattern, text] of hostile) {
      let steps = 0;
      compileWildcard(pattern, () => {
        steps += 1;
      })(text);
      expect(steps).toBeLessThanOrEqual((pattern.length + 1) * (text.length + 1));
    }
  });
});

describe('regular expressions', () => {
  it('that would stall a backtracking engine do not', () => {
    for (const pattern of ['(a+)+$', '(a|aa)+$', '(.*a){20}$']) {
      const compiled = compileRegex(pattern, false);
      if (!compiled.ok) throw new Error(compiled.message);
      // Exponential engines would need 2^50000 steps here: finishing at all is the test.
      expect(compiled.regex.test(`${'a'.repeat(50_000)}b`)).toBe(false);
    }
  });

  it('read less of a text the larger their program is', () => {
    const small = compileRegex('a+', false);
    const large = compileRegex('a[ab]{400}', false);
    if (!small.ok || !large.ok) throw new Error('both are valid');
    expect(small.regex.maxCharacters).toBe(2 ** 20);
    expect(large.regex.maxCharacters * 400).toBeLessThan(2 ** 23);
    expect(large.regex.maxCharacters).toBeGreaterThan(16_000);
  });

  it('are refused when RE2 cannot run them or they are too large', () => {
    for (const pattern of ['(?<=a)b', '(a)\\1', '(', 'a'.repeat(1_001), '(a{100}){10}']) {
      expect(compileRegex(pattern, false).ok).toBe(false);
    }
  });
});
