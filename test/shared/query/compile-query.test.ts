import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConditions } from '../../../shared/conditions/parse/parse.ts';
import { compileQuery, type QueryRow, toConditions } from '../../../shared/query/compile-query.ts';
import { parseQuery } from '../../../shared/query/parse-query.ts';
import type { Query } from '../../../shared/query/query.ts';
import { requiredPhrases } from '../../../shared/query/required-phrases.ts';
import { searchableText } from '../../../shared/query/searchable-text.ts';
import { hasPhrase, tokenize } from '../../../shared/query/tokenize.ts';

const NOW_MS = Date.UTC(2024, 4, 1, 12);

function query(text: string): Query {
  const result = parseQuery(text);
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  return result.query;
}

type RowParts = Partial<QueryRow['event']> & Partial<Pick<QueryRow, 'flags' | 'runs'>>;

function row({ flags = [], runs, ...parts }: RowParts): QueryRow {
  const event = {
    id: 'ev_1',
    externalId: 'us_evt_9',
    receivedAt: '2024-05-01T11:00:00.000Z',
    type: 'job:ready',
    source: 'crm',
    system: 'generic',
    context: {},
    payload: {},
    headers: {},
    ...parts,
  };
  return { event, flags, text: searchableText(event).text, ...(runs === undefined ? {} : { runs }) };
}

const finds = (text: string, parts: RowParts): boolean => compileQuery(query(text))(row(parts), NOW_MS);

describe('a query', () => {
  it('takes a bare number as number and text, a quoted one as text', () => {
    expect(finds('payload.a:1', { payload: { a: 1 } })).toBe(true);
    expect(finds('payload.a:1', { payload: { a: '1' } })).toBe(true);
    expect(finds('payload.a:"1"', { payload: { a: 1 } })).toBe(false);
    expect(finds('payload.a:null', { payload: { a: null } })).toBe(true);
    expect(finds('payload.a:null', { payload: {} })).toBe(false);
    expect(finds('payload.a:true,2', { payload: { a: 'true' } })).toBe(true);
  });

  it('compares, ranges, contains, fits patterns', () => {
    const payload = { n: 150, name: 'Acme Corp', at: '2024-03-01T00:00:00Z', tags: ['x', 'y'] };
    expect(finds('payload.n:>100 payload.n:<=150 payload.n:100..200', { payload })).toBe(true);
    expect(finds('payload.n:..149', { payload })).toBe(false);
    expect(finds('payload.at:2024-01-01..2024-12-31', { payload })).toBe(true);
    expect(finds('payload.name:~acme', { payload })).toBe(true);
    expect(finds('payload.name:Acme*', { payload })).toBe(true);
    expect(finds('payload.name:"Acme*"', { payload })).toBe(false);
    expect(finds('payload.tags:y payload.tags:z,x', { payload })).toBe(true);
    expect(finds('payload.tags:!=y', { payload })).toBe(false);
    expect(finds('payload.gone:!=y -payload.gone:*', { payload })).toBe(true);
    expect(finds('payload.name:*', { payload })).toBe(true);
  });

  it('narrows by type, source, system and id', () => {
    expect(finds('type:job:* type:**:ready source:crm,erp system:generic', {})).toBe(true);
    expect(finds('type:job:* -type:**:ready', {})).toBe(false);
    expect(finds('id:ev_1', {})).toBe(true);
    expect(finds('id:us_evt_9,other', {})).toBe(true);
    expect(finds('-id:ev_1', {})).toBe(false);
    expect(finds('id:us_evt_9', { externalId: null })).toBe(false);
  });

  it('wants one run with everything it says of runs, and no run with what it negates', () => {
    const runs = [
      { listener: 'a', job: 'import', state: 'completed' },
      { listener: 'b', job: 'notify', state: 'failed' },
    ];
    expect(finds('job:import state:completed', { runs })).toBe(true);
    expect(finds('job:import state:failed', { runs })).toBe(false);
    expect(finds('job:import,notify state:failed listener:b', { runs })).toBe(true);
    expect(finds('job:import -state:failed', { runs })).toBe(false);
    expect(finds('-job:import', {})).toBe(true);
    expect(finds('job:import', {})).toBe(false);
  });

  it('reads flags from a list or a set', () => {
    expect(finds('is:ignored -is:replay', { flags: ['ignored'] })).toBe(true);
    expect(finds('is:ignored -is:replay', { flags: new Set(['ignored', 'replay']) })).toBe(false);
  });

  it('bounds the time received: from after on, up to before', () => {
    expect(finds('after:1h', {})).toBe(true);
    expect(finds('after:59m', {})).toBe(false);
    expect(finds('before:1h', {})).toBe(false);
    expect(finds('before:59m', {})).toBe(true);
    expect(finds('after:2024-05-01 before:2024-05-02', {})).toBe(true);
  });

  it('finds words without regard to case and accents, anywhere in the event', () => {
    const payload = { customer: { name: 'José Müller-Lüdenscheidt' }, n: 42, ok: true };
    expect(finds('jose', { payload })).toBe(true);
    expect(finds('"muller ludenscheidt"', { payload })).toBe(true);
    expect(finds('"jose ludenscheidt"', { payload })).toBe(false);
    expect(finds('ludens*', { payload })).toBe(true);
    expect(finds('ludens', { payload })).toBe(false);
    expect(finds('42 us_evt_9 "job:ready" crm', { payload })).toBe(true);
    // A bare job:… asks for the runs of a job.
    expect(finds('job:ready', { payload })).toBe(false);
    expect(finds('jose -42', { payload })).toBe(false);
    expect(finds('customer', { payload })).toBe(false);
  });

  it('gives conditions that a listener could store', () => {
    const text = 'type:a:*,b -source:x payload.a:1,b*,c payload.b:~x,1 payload.c:1..2 -payload.d:* headers.h:!=1';
    expect(parseConditions(toConditions(query(text))).ok).toBe(true);
  });

  it('negated gives the opposite answer, term by term', () => {
    const term = fc.constantFrom(
      ...['type:job:*', 'source:crm', 'payload.a:1', 'payload.a:!=1', 'payload.a:>0', 'payload.a:~a', 'payload.a:*'],
      ...['payload.a:0..1', 'payload.a:a*,1', 'is:failed', 'id:ev_1', 'state:failed', 'hello', '"hello w"*'],
    );
    const anyRow = fc.record({
      type: fc.constantFrom('job:ready', 'x'),
      source: fc.constantFrom('crm', 'x'),
      payload: fc.oneof(
        fc.constant({}),
        fc.record({ a: fc.constantFrom<unknown>(0, 1, '1', 'a', null, ['a', 1], 'Hello World', {}) }),
      ),
      flags: fc.constantFrom([], ['failed']),
      runs: fc.constantFrom([], [{ listener: 'l', job: 'j', state: 'failed' }]),
    });
    fc.assert(
      fc.property(term, anyRow, (text, parts) => {
        expect(finds(`-${text}`, parts)).toBe(!finds(text, parts));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('required phrases', () => {
  it('come from positive text and single equalities', () => {
    const text =
      'hello -no "big dog"* payload.a:"Straße 5" payload.b:x,y payload.c:a* -payload.d:z headers.e:q context.n:7';
    expect(requiredPhrases(query(text))).toEqual([
      { tokens: ['hello'], prefix: false, from: 'text' },
      { tokens: ['big', 'dog'], prefix: true, from: 'text' },
      { tokens: ['straße', '5'], prefix: false, from: 'field' },
      { tokens: ['7'], prefix: false, from: 'field' },
    ]);
  });

  it('do not ask for what the text writes otherwise', () => {
    expect(requiredPhrases(query('payload.a:1.50 payload.b:1e3 payload.c:null payload.d:"--"'))).toEqual([]);
  });

  it('are in the text of every match', () => {
    const value = fc.constantFrom<unknown>('a', 'Big Dog', 'é-x', 1, 1.5, '1.50', true, null, '', 'x,y', -2);
    const wanted = fc.constantFrom(
      'a',
      '"Big Dog"',
      'é-x',
      '1',
      '1.5',
      '1.50',
      'true',
      'null',
      '"x,y"',
      '-2',
      'dog',
      'big*',
    );
    const anyTerm = fc
      .tuple(fc.constantFrom('', 'payload.a:', 'payload.a.b:', 'context.a:'), wanted)
      .map((all) => all.join(''));
    let matched = 0;
    fc.assert(
      fc.property(fc.array(anyTerm, { maxLength: 3 }), value, value, (terms, first, second) => {
        const candidate = row({ payload: { a: [first, { b: second }] }, context: { a: second } });
        const wantedQuery = query(terms.join(' '));
        if (!compileQuery(wantedQuery)(candidate, NOW_MS)) return;
        matched += 1;
        const words = tokenize(candidate.text);
        for (const phrase of requiredPhrases(wantedQuery))
          expect(hasPhrase(words, phrase.tokens, phrase.prefix)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
    expect(matched).toBeGreaterThan(1_000);
  });
});
