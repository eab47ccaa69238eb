import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../shared/query/parse-query.ts';
import { readTimeTerms, withTimeTerms } from '../../shared/query/time-terms.ts';

describe('the times of a query', () => {
  it.each([
    ['', { after: null, before: null }],
    ['type:a after:24h', { after: '24h', before: null }],
    ['before:"2026-01-02T03:04:05Z" x after:2026-01-01', { after: '2026-01-01', before: '2026-01-02T03:04:05Z' }],
    ['"after:2h"', { after: null, before: null }],
    ['payload.note:"a before:b"', { after: null, before: null }],
    ['type:"', { after: null, before: null }],
  ])('are read: %s', (text, times) => expect(readTimeTerms(text)).toEqual(times));

  it.each([
    ['', { after: '1h', before: null }, 'after:1h'],
    ['type:a after:24h  "two words"', { after: null, before: null }, 'type:a "two words"'],
    [
      'after:24h -is:ignored',
      { after: '2026-01-01T00:00:00.000Z', before: '2026-01-02T00:00:00.000Z' },
      '-is:ignored after:2026-01-01T00:00:00.000Z before:2026-01-02T00:00:00.000Z',
    ],
    ['type:"', { after: '1h', before: null }, 'type:"'],
  ])('are replaced: %s', (text, times, expected) => expect(withTimeTerms(text, times)).toBe(expected));

  it('leave the rest of every query as it was', () => {
    const term = fc.constantFrom(
      'type:a.*',
      '-is:failed',
      'payload.x:"a b"',
      '"after:1h"',
      'word*',
      'after:1h',
      'before:2026-01-01',
      'source:a,b',
    );
    fc.assert(
      fc.property(fc.array(term, { maxLength: 8 }), (terms) => {
        const text = terms.join(' ');
        const before = parseQuery(text);
        const after = parseQuery(withTimeTerms(text, { after: '7d', before: null }));
        if (!before.ok) return;
        expect(after).toMatchObject({ ok: true, query: { after: { text: '7d' } } });
        if (!after.ok) return;
        const { after: _a, before: _b, ...rest } = before.query;
        expect(after.query).toMatchObject(rest);
        expect(after.query.before).toBeUndefined();
      }),
    );
  });
});
