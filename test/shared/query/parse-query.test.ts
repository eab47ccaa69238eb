import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../shared/query/parse-query.ts';
import { emptyQuery, type Query } from '../../../shared/query/query.ts';

function parsed(text: string): Query {
  const result = parseQuery(text);
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  return result.query;
}

const only = (parts: Partial<Query>): Query => ({ ...emptyQuery(), ...parts });

/** The part of the text an error points at, and its message. */
function errorOf(text: string): [string, string] | null {
  const result = parseQuery(text);
  return result.ok ? null : [text.slice(result.error.start, result.error.end), result.error.message];
}

const bare = (text: string) => ({ text, quoted: false });
const quoted = (text: string) => ({ text, quoted: true });

describe('the query language', () => {
  it('reads the example of every kind of term', () => {
    const text = 'type:job:* source:crm context.spaceId:us_sp_1 payload.amount:>100 is:ignored after:2h "free text"';
    expect(parsed(text)).toEqual(
      only({
        types: [{ values: ['job:*'], negated: false }],
        sources: [{ values: ['crm'], negated: false }],
        fields: [
          { path: 'context.spaceId', op: 'eq', values: [bare('us_sp_1')], negated: false },
          { path: 'payload.amount', op: 'gt', values: [bare('100')], negated: false },
        ],
        is: [{ flag: 'ignored', negated: false }],
        after: { kind: 'age', text: '2h', ageMs: 7_200_000 },
        text: [{ phrase: 'free text', prefix: false, negated: false }],
      }),
    );
  });

  it('reads nothing as everything', () => {
    expect(parsed('')).toEqual(emptyQuery());
    expect(parsed('  \n ')).toEqual(emptyQuery());
  });

  it('reads lists as one term and repeated keys as several', () => {
    expect(parsed('type:a,"b:c" -type:e source:x,y')).toMatchObject({
      types: [
        { values: ['a', 'b:c'], negated: false },
        { values: ['e'], negated: true },
      ],
      sources: [{ values: ['x', 'y'], negated: false }],
    });
  });

  it.each([
    ['payload.a:x', { op: 'eq', values: [bare('x')] }],
    ['payload.a:"x y"', { op: 'eq', values: [quoted('x y')] }],
    ['payload.a:1,"2",x', { op: 'eq', values: [bare('1'), quoted('2'), bare('x')] }],
    ['payload.a:!=x,y', { op: 'ne', values: [bare('x'), bare('y')] }],
    ['payload.a:>=1.5', { op: 'gte', values: [bare('1.5')] }],
    ['payload.a:<2024-01-01', { op: 'lt', values: [bare('2024-01-01')] }],
    ['payload.a:<="2024-01-01 10:00"', { op: 'lte', values: [quoted('2024-01-01 10:00')] }],
    ['payload.a:~cme', { op: 'contains', values: [bare('cme')] }],
    ['payload.a:1..5', { op: 'between', values: [bare('1'), bare('5')] }],
    ['payload.a:..5', { op: 'lte', values: [bare('5')] }],
    ['payload.a:-5..', { op: 'gte', values: [bare('-5')] }],
    ['payload.a:../up', { op: 'eq', values: [bare('../up')] }],
    ['payload.a:*', { op: 'exists', values: [] }],
    ['payload.a:"*"', { op: 'eq', values: [quoted('*')] }],
    ['payload.a:https://x.test/?q=1', { op: 'eq', values: [bare('https://x.test/?q=1')] }],
  ])('reads the field test %s', (text, expected) => {
    expect(parsed(text).fields).toEqual([{ path: 'payload.a', negated: false, ...expected }]);
  });

  it('keeps backslashes that escape nothing', () => {
    expect(parsed('payload.a:"C:\\temp\\x"').fields[0]?.values).toEqual([quoted('C:\\temp\\x')]);
    expect(parsed('payload.a:"say \\"hi\\" \\\\"').fields[0]?.values).toEqual([quoted('say "hi" \\')]);
  });

  it('reads "not there" both ways', () => {
    const missing = [{ path: 'payload.a', op: 'exists', values: [], negated: true }];
    expect(parsed('-payload.a:*').fields).toEqual(missing);
    expect(parsed('payload.a:!=*').fields).toEqual(missing);
    expect(parsed('-payload.a:!=*').fields).toEqual([{ path: 'payload.a', op: 'exists', values: [], negated: false }]);
  });

  it('reads keys that need quotes inside a path', () => {
    expect(parsed('payload."a b".c:1').fields[0]?.path).toBe('payload."a b".c');
    expect(parsed('headers.X-Id:1').fields[0]?.path).toBe('headers.x-id');
  });

  it('reads free text: words, phrases, prefixes, negated', () => {
    expect(parsed('hello wor* "two words" "two wor"* -not -"that one"').text).toEqual([
      { phrase: 'hello', prefix: false, negated: false },
      { phrase: 'wor', prefix: true, negated: false },
      { phrase: 'two words', prefix: false, negated: false },
      { phrase: 'two wor', prefix: true, negated: false },
      { phrase: 'not', prefix: false, negated: true },
      { phrase: 'that one', prefix: false, negated: true },
    ]);
  });

  it('takes an unknown key for text, and says when it looks mistyped', () => {
    const hintsOf = (text: string) => {
      const result = parseQuery(text);
      return result.ok ? result.hints.map((hint) => [text.slice(hint.start, hint.end), hint.suggestion]) : null;
    };
    expect(parsed('user:created').text).toEqual([{ phrase: 'user:created', prefix: false, negated: false }]);
    expect(hintsOf('user:created')).toEqual([]);
    expect(hintsOf('tpye:job:* x')).toEqual([['tpye', 'type']]);
    expect(hintsOf('-sorce:crm')).toEqual([['sorce', 'source']]);
    expect(hintsOf('paylod.amount:>1')).toEqual([['paylod.amount', 'payload.amount']]);
    expect(hintsOf('amount:>100')).toEqual([['amount', 'payload.amount']]);
    expect(hintsOf('a — b')).toEqual([['—', undefined]]);
  });

  it('reads times and ages', () => {
    expect(parsed('after:2024-05-01 before:2024-05-02T10:00:00+02:00')).toMatchObject({
      after: { kind: 'at', atMs: Date.UTC(2024, 4, 1) },
      before: { kind: 'at', atMs: Date.UTC(2024, 4, 2, 8) },
    });
    expect(['30s', '15m', '2h', '7d', '1w'].map((age) => parsed(`after:${age}`).after)).toEqual(
      [30_000, 900_000, 7_200_000, 604_800_000, 604_800_000].map((ageMs) => expect.objectContaining({ ageMs })),
    );
  });

  it.each([
    ['x "open', '"open', 'not closed'],
    ['x type: y', 'type:', 'needs a value'],
    ['source:a,', 'source:a,', 'needs a value after the comma'],
    ['payload.a:"x"y', 'y', 'comma or a space'],
    ['is:ignord', 'ignord', 'Did you mean "ignored"'],
    ['state:broken', 'broken', 'One of: pending'],
    ['is:failed,replay', 'is:failed,replay', 'one word'],
    ['after:yesterday', 'yesterday', 'not a time'],
    ['after:1h after:2h', 'after:2h', 'twice'],
    ['-after:1h', '-after:1h', 'before:'],
    ['payload.a.__proto__:1', '__proto__', 'cannot be part'],
    ['payload..a:1', '.a', 'empty'],
    ['payload.a:>ten', '>ten', 'number or an ISO time'],
    ['payload.a:>1,2', '>1,2', 'not a list'],
    ['payload.a:5..1', '5..1', 'smaller value first'],
    ['payload.a:5..2024-01-01', '5..2024-01-01', 'two numbers or two times'],
    [`type:${'x'.repeat(300)}`, 'x'.repeat(300), '256'],
  ])('points at what is wrong in %s', (text, at, message) => {
    expect(errorOf(text)).toEqual([at, expect.stringContaining(message)]);
  });

  it('bounds what it reads', () => {
    expect(errorOf('x '.repeat(2_001))?.[1]).toContain('4000');
    expect(errorOf('x '.repeat(101))?.[1]).toContain('100 terms');
    expect(errorOf(`payload.a:${'x,'.repeat(101)}x`)?.[1]).toContain('100 values');
  });

  it('never throws, points inside the text, and reads back what it prints', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...[
          'type:',
          'source:',
          'is:',
          'is:failed',
          'state:queued',
          'after:',
          '2h',
          '2024-01-01',
          'payload.',
          'payload.a:',
        ],
        ...[
          'headers.X-A:',
          'context."a b":',
          'foo:',
          '-',
          '"',
          '\\',
          ',',
          '..',
          '*',
          '>',
          '>=',
          '!=',
          '~',
          ' ',
          ' ',
          ' ',
        ],
        ...['a', '1', '1.5', 'null', 'É', '😀', 'listener:', 'job:', 'id:', 'system:'],
      ),
      fc.string({ maxLength: 3 }),
    );
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const result = parseQuery(text);
        if (!result.ok) {
          const { start, end } = result.error;
          expect(start >= 0 && start < end && end <= text.length).toBe(true);
          return;
        }
        accepted += 1;
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(4_000);
  });
});
