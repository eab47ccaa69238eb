import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completions } from '../../../shared/query/complete.ts';
import { parseQuery } from '../../../shared/query/parse-query.ts';

const known = {
  types: ['job:ready', 'job:failed', 'user created', 'ping'],
  sources: ['crm', 'erp'],
  paths: ['payload.amount', 'context.spaceId'],
  listeners: ['big-files'],
  jobs: ['import'],
};

/** `|` is the cursor; gives the text after taking each completion. */
function taking(text: string): string[] {
  const cursor = text.indexOf('|');
  const plain = text.replace('|', '');
  const { from, to, items } = completions(plain, cursor, known);
  return items.map((item) => plain.slice(0, from) + item.insert + plain.slice(to));
}

describe('completing a query', () => {
  it('offers keys and fields, those that start so first', () => {
    expect(taking('so|')).toEqual(['source:']);
    expect(taking('pay|')).toEqual(['payload.amount:']);
    expect(taking('is:failed am|')).toEqual(['is:failed payload.amount:']);
    expect(taking('-ty|')).toEqual(['-type:']);
    expect(taking('|').slice(0, 3)).toEqual(['type:', 'source:', 'system:']);
  });

  it('offers the values of a key', () => {
    expect(taking('type:jo|')).toEqual(['type:job:ready', 'type:job:failed', 'type:job:*']);
    expect(taking('source:crm,|')).toEqual(['source:crm,crm', 'source:crm,erp']);
    expect(taking('is:unack| after:1h')).toEqual(['is:unacknowledged after:1h']);
    expect(taking('state:sch|')).toEqual(['state:scheduled']);
    expect(taking('listener:|')).toEqual(['listener:big-files']);
    expect(taking('job:imp|')).toEqual(['job:import']);
    expect(taking('payload.amount:|')).toContain('payload.amount:*');
  });

  it('replaces the rest of the word under the cursor, and quotes where needed', () => {
    expect(taking('so|urce x')).toEqual(['source: x']);
    expect(taking('type:us|')).toEqual(['type:"user created"']);
  });

  it('offers types for a word that is no key', () => {
    expect(taking('pin|')).toEqual(['type:ping']);
  });

  it('is silent inside quotes', () => {
    expect(taking('"type:j|')).toEqual([]);
  });

  it('never throws, whatever the text and the cursor', () => {
    const text = fc.array(fc.constantFrom('type:', 'payload.a:', '"', '\\', ',', ' ', '-', 'x', ':'), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: -2, max: 60 }), (pieces, cursor) => {
        const plain = pieces.join('');
        const { from, to, items } = completions(plain, cursor, known);
        expect(from >= 0 && from <= to && to <= plain.length).toBe(true);
        for (const item of items) parseQuery(plain.slice(0, from) + item.insert + plain.slice(to));
      }),
      { numRuns: 3_000 },
    );
  });
});
