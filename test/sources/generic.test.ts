import { describe, expect, test } from 'vitest';
import type { IncomingRequest, ReadBody } from '../../electron/sources/source-types.ts';
import type { Json } from '../../shared/contract/common.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { buildRequest, prepareSource } from './build-request.ts';

const json = (value: Extract<ReadBody, { kind: 'json' }>['value']): ReadBody => ({
  kind: 'json',
  value,
  text: JSON.stringify(value),
});

function read(event: SourceSpec['event'], body: ReadBody, parts: Partial<IncomingRequest> = {}) {
  return prepareSource({ event }).read(buildRequest(parts), body);
}
function readOne(event: SourceSpec['event'], body: ReadBody, parts: Partial<IncomingRequest> = {}) {
  const result = read(event, body, parts);
  if (!result.ok) throw new Error(result.message);
  expect(result.events).toHaveLength(1);
  return result.events[0];
}

describe('a JSONPath (RFC 9535)', () => {
  const document: Json = {
    event: 'a',
    'o dd': { 'k.k': 'dotted' },
    list: [
      { t: 'x', n: 1 },
      { t: 'y', n: 2 },
    ],
    nothing: null,
    store: { book: [{ price: 8 }, { price: 12, type: 'deep' }] },
  };
  test.each([
    ['$.event', 'a'],
    ["$['event']", 'a'],
    ["$['o dd']['k.k']", 'dotted'],
    ['$.list[0].t', 'x'],
    ['$.list[-1].t', 'y'],
    ['$.list[*].t', 'x'],
    ['$.list[1:].t', 'y'],
    ['$.list[?@.n == 2].t', 'y'],
    ['$.list[?@.n > 1 && @.t != "x"].t', 'y'],
    ['$..type', 'deep'],
    ['$.store.book[?match(@.type, "d..p")].type', 'deep'],
    ['$.store.book[?search(@.type, "ee")].type', 'deep'],
    ["$['nope','event']", 'a'],
    ['$.list[?length(@.t) == 1].n', '1'],
  ])('%s finds %s', (type, expected) => {
    expect(readOne({ type }, json(document))?.type).toBe(expected);
  });

  test.each([
    '$.nope',
    '$.event.x',
    '$.list[2].t',
    '$.list.length',
    '$.constructor',
    '$.__proto__',
    '$.nothing',
    '$.event[0]',
  ])('%s finds no type, and the delivery is refused with its name', (type) => {
    expect(read({ type }, json(document))).toEqual({
      ok: false,
      code: 'type_not_found',
      message: `the JSONPath ${type} finds no event type in this delivery`,
      notes: [],
    });
  });

  test('runs its expressions in linear time', () => {
    const body = json({ items: [{ v: `${'a'.repeat(40)}!` }] });
    let isRead = true;
    const usedMs = cpuMs(() => (isRead = read({ type: '$.items[?match(@.v, "(a+)+")].v' }, body).ok));
    expect(isRead).toBe(false);
    expect(usedMs).toBeLessThan(20_000);
  });
});

describe('the type', () => {
  test.each([
    [{ type: 'a', event: 'b' }, 'a'],
    [{ event: 'b', name: 'n' }, 'b'],
    [{ type: 5, topic: 't' }, 't'],
    [{ type: '', action: 'x' }, 'x'],
    [{ name: 'n'.repeat(201) }, 'crm.received'],
    [{ name: 'a\nb' }, 'crm.received'],
    [[{ type: 'a' }], 'crm.received'],
    ['text', 'crm.received'],
    [null, 'crm.received'],
  ])('of %j is guessed as %s', (value, expected) => {
    expect(readOne({}, json(value))?.type).toBe(expected);
  });

  test('may come from a header, from the query, or be always the same', () => {
    const parts = { headers: { 'x-event': 'from.header' }, query: new URLSearchParams('e=from.query') };
    expect(readOne({ type: { header: 'X-Event' } }, json({}), parts)?.type).toBe('from.header');
    expect(readOne({ type: { query: 'e' } }, json({}), parts)?.type).toBe('from.query');
    expect(readOne({ type: { const: 'order' } }, json({}))?.type).toBe('order');
    expect(read({ type: { header: 'x-event' } }, json({}))).toMatchObject({
      ok: false,
      message: 'the header x-event finds no event type in this delivery',
    });
  });

  test.each([
    ['longer than 200 characters', 'x'.repeat(201)],
    ['control characters', 'a\u0007b'],
    ['empty', ' '],
    ['neither text nor a number', { a: 1 }],
  ])('is refused when it is or holds %s', (words, value) => {
    expect(read({ type: '$.t' }, json({ t: value }))).toMatchObject({
      ok: false,
      message: expect.stringContaining(words),
    });
  });
});

describe('the id', () => {
  test.each([
    ['abc', 'abc'],
    [42, '42'],
    [1.5, '1.5'],
    ['', null],
    [null, null],
    [true, null],
    [{ a: 1 }, null],
  ])('%j becomes %j', (value, expected) => {
    expect(readOne({ id: '$.id' }, json({ id: value }))?.externalId).toBe(expected);
  });

  test('is null where no path is set, whatever the body holds', () => {
    expect(readOne({}, json({ id: 'abc' }))?.externalId).toBeNull();
  });

  test.each(['9007199254740993', '9007199254740992', '123456789012345678901234567890', '1.50', '-0'])(
    'that is the number %s keeps its digits, by a path and by a filter',
    (digits) => {
      const document = json(parseExact(`{"id":${digits},"list":[{"n":1.0,"id":${digits}}]}`));
      expect(readOne({ id: '$.id' }, document)?.externalId).toBe(digits);
      expect(readOne({ id: '$.list[?@.n == 1].id' }, document)?.externalId).toBe(digits);
      expect(readOne({ type: '$.id' }, document)?.type).toBe(digits);
    },
  );

  test('that is long is kept short, and different ones stay different', () => {
    const idOf = (id: string) => readOne({ id: '$.id' }, json({ id }))?.externalId;
    expect(idOf('x'.repeat(5000))?.length).toBeLessThan(100);
    expect(idOf('x'.repeat(5000))).not.toBe(idOf('x'.repeat(5001)));
  });
});

describe('the time', () => {
  const at = Date.UTC(2026, 0, 31, 8, 0, 0);
  test.each([
    ['2026-01-31T08:00:00Z', at],
    ['2026-01-31T09:00:00+01:00', at],
    ['2026-01-31T09:00:00+0100', at],
    ['2026-01-31 08:00:00', at],
    ['2026-01-31T08:00', at],
    ['2026-01-31T08:00:00.123456Z', at + 123],
    [at / 1000, at],
    [at / 1000 + 0.5, at + 500],
    [at, at],
    [String(at / 1000), at],
    [String(at), at],
    ['yesterday', null],
    ['2026-13-31T08:00:00Z', null],
    [-5, null],
    [1e300, null],
    [null, null],
    [{}, null],
  ])('%j is %j', (value, expected) => {
    expect(readOne({ occurredAt: '$.t' }, json({ t: value }))?.occurredAtMs).toBe(expected);
  });
});

describe('context and payload', () => {
  test('the context is what the path finds, or empty', () => {
    expect(readOne({ context: '$.c' }, json({ c: { a: [1] } }))?.context).toEqual({ a: [1] });
    expect(readOne({ context: '$.c' }, json({}))?.context).toEqual({});
    expect(readOne({}, json({ context: 1 }))?.context).toEqual({});
    expect(readOne({ context: { const: { env: 'test' } } }, json({}))?.context).toEqual({ env: 'test' });
  });

  test('the payload is the body in its own shape', () => {
    expect(readOne({}, json([1]))?.payload).toEqual([1]);
    expect(readOne({}, { kind: 'text', text: '<a/>' })).toMatchObject({ payload: '<a/>', type: 'crm.received' });
    expect(readOne({}, { kind: 'none' })?.payload).toBeNull();
    expect(readOne({}, { kind: 'form', fields: { event: 'e', a: ['1', '2'] } })).toMatchObject({
      type: 'e',
      payload: { event: 'e', a: ['1', '2'] },
    });
  });

  test('the query is the payload only where it is asked for and there is no body', () => {
    const parts = { query: new URLSearchParams('type=t&a=1&token=x&ApiKey=y&__proto__=z') };
    expect(readOne({ query: true, id: '$.a' }, { kind: 'none' }, parts)).toMatchObject({
      type: 't',
      externalId: '1',
      payload: Object.fromEntries([
        ['type', 't'],
        ['a', '1'],
        ['__proto__', 'z'],
      ]),
    });
    expect(readOne({}, { kind: 'none' }, parts)?.payload).toBeNull();
    expect(readOne({ query: true }, json({ b: 1 }), parts)?.payload).toEqual({ b: 1 });
  });

  test('a body that could not be read is refused with the reason', () => {
    expect(read({}, { kind: 'problem', message: 'the body is odd' })).toEqual({
      ok: false,
      code: 'unreadable_body',
      message: 'the body is odd',
    });
  });
});
