import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDeeperThan, parseJson } from '../../electron/sources/body/json-text.ts';
import { readBody } from '../../electron/sources/body/read-body.ts';
import { exactNumber } from '../../shared/exact-json/exact-number.ts';

const read = (body: string | Uint8Array, contentType?: string) =>
  Promise.resolve(readBody(Buffer.from(body), contentType));

describe('a body', () => {
  test.each([
    ['JSON', '{"a":1}', 'application/json', { kind: 'json', value: { a: 1 }, text: '{"a":1}' }],
    [
      'JSON with a parameter and capitals',
      '[1]',
      'Application/JSON; charset=utf-8',
      { kind: 'json', value: [1], text: '[1]' },
    ],
    ['JSON of a +json type', '"x"', 'application/cloudevents+json', { kind: 'json', value: 'x', text: '"x"' }],
    [
      'JSON behind a byte order mark',
      '\ufeff{"a":1}',
      'application/json',
      { kind: 'json', value: { a: 1 }, text: '{"a":1}' },
    ],
    ['JSON without a type', ' {"a":1}', undefined, { kind: 'json', value: { a: 1 }, text: ' {"a":1}' }],
    [
      'JSON said to be a form',
      '{"a":"b&c=d"}',
      'application/x-www-form-urlencoded',
      { kind: 'json', value: { a: 'b&c=d' }, text: '{"a":"b&c=d"}' },
    ],
    ['JSON said to be text', '{"a":1}', 'text/plain', { kind: 'json', value: { a: 1 }, text: '{"a":1}' }],
    ['no body', '', 'application/json', { kind: 'none' }],
    [
      'a form',
      'a=1&b=%C3%A4+x&a=2&c',
      'application/x-www-form-urlencoded',
      { kind: 'form', fields: { a: ['1', '2'], b: 'ä x', c: '' } },
    ],
    ['text', 'hello', 'text/plain', { kind: 'text', text: 'hello' }],
    ['text that starts like JSON', '[info] done', 'text/plain', { kind: 'text', text: '[info] done' }],
    ['text without a type', 'hello', undefined, { kind: 'text', text: 'hello' }],
    ['XML', '<a b="1"/>', 'application/xml', { kind: 'text', text: '<a b="1"/>' }],
    ['text of an unknown type', 'eyJ.x.y', 'application/secevent+jwt', { kind: 'text', text: 'eyJ.x.y' }],
  ])('that is %s', async (_name, body, contentType, expected) => {
    expect(await read(body, contentType)).toEqual(expected);
  });

  test('that is JSON behind two byte order marks is read, and noted', async () => {
    expect(await read('\ufeff\ufeff{"a":1}', 'application/json')).toMatchObject({
      kind: 'json',
      value: { a: 1 },
      notes: [{ code: 'body_padding' }],
    });
  });

  test('in another charset is read in it', async () => {
    expect(await read(Buffer.from('ä', 'latin1'), 'text/plain; charset="ISO-8859-1"')).toEqual({
      kind: 'text',
      text: 'ä',
    });
    expect(await read(Buffer.from('ä', 'utf16le'), 'text/plain;charset=utf-16')).toEqual({ kind: 'text', text: 'ä' });
  });

  test.each([
    ['broken JSON', '{"a":', 'application/json', 'not valid JSON'],
    ['two documents', '{}{}', 'application/json', 'not valid JSON'],
    ['bytes of a kind that is not text', Buffer.from([0xff, 0xfe, 0x00]), 'image/png', 'not valid UTF-8'],
    ['bytes of no kind that are not text', Buffer.from([0x80, 0x00, 0x01]), undefined, 'not valid UTF-8'],
    ['multipart without a boundary', 'x', 'multipart/form-data', 'multipart'],
  ])('that is %s is a problem', async (_name, body, contentType, message) => {
    expect(await read(body, contentType)).toMatchObject({ kind: 'problem', message: expect.stringContaining(message) });
  });

  test('of multipart fields keeps text, and of files what they are', async () => {
    const form = new FormData();
    form.append('event', 'äé');
    form.append('tag', '1');
    form.append('tag', '2');
    form.append('__proto__', 'own');
    form.append('file', new File(['12345'], 'a.bin', { type: 'application/x-thing' }));
    const sent = new Response(form);
    const body = await read(new Uint8Array(await sent.arrayBuffer()), sent.headers.get('content-type') ?? '');
    expect(body).toEqual({
      kind: 'form',
      fields: Object.fromEntries([
        ['event', 'äé'],
        ['tag', ['1', '2']],
        ['__proto__', 'own'],
        ['file', { filename: 'a.bin', contentType: 'application/x-thing', sizeBytes: 5 }],
      ]),
    });
  });

  test('that is JSON comes back as it was, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' }), async (value) => {
        const text = JSON.stringify(value);
        expect(await read(text, 'application/json')).toEqual({ kind: 'json', value: JSON.parse(text), text });
      }),
    );
  });

  test('of a form comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(fc.string(), fc.string({ unit: 'grapheme' })), { selector: ([name]) => name }),
        async (pairs) => {
          const text = new URLSearchParams(pairs).toString();
          const expected = pairs.length === 0 ? { kind: 'none' } : { kind: 'form', fields: Object.fromEntries(pairs) };
          expect(await read(text, 'application/x-www-form-urlencoded')).toEqual(expected);
        },
      ),
    );
  });

  test.each([
    ['a value', '{"a":"x\\ud83d"}', { a: 'x\ufffd' }, '{"a":"x\\ufffd"}'],
    ['a name', '{"\\uDC00":1}', { '\ufffd': 1 }, '{"\\ufffd":1}'],
    ['both halves the wrong way round', '["\\ude00\\ud83d"]', ['\ufffd\ufffd'], '["\\ufffd\\ufffd"]'],
    ['half before a pair', '["\\ud83d\\ud83d\\ude00"]', ['\ufffd😀'], '["\\ufffd\\ud83d\\ude00"]'],
    ['half behind a backslash', '["\\\\\\ud83d"]', ['\\\ufffd'], '["\\\\\\ufffd"]'],
    ['half beside a number', '[1.50,"\\ud83d"]', [exactNumber('1.50'), '\ufffd'], '[1.50,"\\ufffd"]'],
  ])('of JSON with half a surrogate pair in %s is repaired and noted', async (_name, body, value, text) => {
    expect(await read(body, 'application/json')).toEqual({
      kind: 'json',
      value,
      text,
      notes: [expect.objectContaining({ code: 'surrogate_repaired' })],
    });
  });

  test('of JSON never comes back with half a character, and is noted just when it had one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.json({ maxDepth: 4, stringUnit: 'binary' }),
        fc.array(fc.nat(0xffff)),
        async (json, units) => {
          const escaped = units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
          const sent = `{"a":${json},"${escaped}":"${escaped}"}`;
          const body = await read(sent, 'application/json');
          if (body.kind !== 'json') throw new Error('it is JSON');
          expect(/\\u[dD][89a-fA-F]/.test(JSON.stringify(body.value))).toBe(false);
          expect(body.value).toEqual(JSON.parse(body.text));
          const whole = String.fromCharCode(...units);
          expect(body.notes !== undefined).toBe(/\p{Surrogate}/u.test(whole));
        },
      ),
    );
  });

  test('of any bytes under any type is read or is a problem, and never throws', async () => {
    const types = [
      'application/json',
      'multipart/form-data; boundary=x',
      'text/plain; charset=utf-16',
      'a/b',
      '',
      ';;;=',
      'application/x-www-form-urlencoded',
    ];
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), fc.oneof(fc.constantFrom(...types), fc.string()), async (bytes, type) => {
        expect(['json', 'form', 'text', 'none', 'problem']).toContain((await read(bytes, type)).kind);
      }),
    );
  });
});

describe('JSON', () => {
  const nest = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

  test('may be 64 levels deep and no deeper', () => {
    expect(parseJson(nest(64)).ok).toBe(true);
    for (const text of [nest(65), nest(1_000_000), `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, '['.repeat(100_000)]) {
      expect(parseJson(text)).toEqual({ ok: false, message: 'is nested more than 64 levels deep' });
    }
  });

  test('does not count brackets inside text', () => {
    expect(parseJson(JSON.stringify({ a: `\\"${'['.repeat(200)}"`, b: '\\' })).ok).toBe(true);
  });

  test('is as deep for the count of brackets as for the walk over values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.nat(8), (value, levels) => {
        const parsed: unknown = JSON.parse(JSON.stringify(value));
        const depth = (inner: unknown): number =>
          typeof inner === 'object' && inner !== null ? 1 + Math.max(0, ...Object.values(inner).map(depth)) : 0;
        const result = parseJson(JSON.stringify(value));
        expect(result.ok && isDeeperThan(result.value, levels)).toBe(depth(parsed) > levels);
      }),
    );
  });

  test('may hold whole surrogate pairs, escaped or not, and a backslash before a u', () => {
    expect(parseJson('"\\ud83d\\ude00"')).toEqual({ ok: true, value: '😀', text: '"\\ud83d\\ude00"' });
    expect(parseJson('"\\\\ud83d"')).toEqual({ ok: true, value: '\\ud83d', text: '"\\\\ud83d"' });
  });
});
