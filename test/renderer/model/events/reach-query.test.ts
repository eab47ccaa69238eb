import { describe, expect, it } from 'vitest';
import { queryOfReach } from '../../../../renderer/model/events/reach-query.ts';
import { parseQuery } from '../../../../shared/query/parse-query.ts';

describe('the query for the events of a source and types', () => {
  it('is empty for all events', () => {
    expect(queryOfReach({ source: null, type: [] })).toBe('');
  });

  it('keeps the source, and patterns as patterns', () => {
    expect(queryOfReach({ source: 'crm', type: ['file:*', 'order.**'] })).toBe('source:crm type:file:*,order.**');
  });

  it('reads back as the same types, with quotes, backslashes and commas in them', () => {
    const type = ['say"hi",now', '"quoted', 'back\\slash', 'a,b'];
    const parsed = parseQuery(queryOfReach({ source: 'crm', type }));
    expect(parsed).toMatchObject({
      ok: true,
      query: { sources: [{ values: ['crm'], negated: false }], types: [{ values: type, negated: false }] },
    });
  });
});
