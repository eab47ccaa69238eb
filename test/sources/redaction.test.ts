import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeliveryDraft } from '../../electron/intake/intake-types.ts';
import { createRedaction } from '../../electron/sources/redact/redaction.ts';
import { type Json, jsonSchema } from '../../shared/contract/common.ts';

const { json, delivery } = createRedaction(['pass-word', 'clé']);

function keep(body: string, change: Partial<DeliveryDraft> = {}): DeliveryDraft {
  const draft: DeliveryDraft = {
    source: 's',
    receivedAtMs: 0,
    method: 'POST',
    url: '/in/s',
    remoteAddress: '',
    contentType: 'application/json',
    headers: [],
    body: Buffer.from(body),
    ...change,
  };
  delivery(draft);
  return draft;
}
const kept = (body: string, contentType?: string): string =>
  keep(body, contentType === undefined ? {} : { contentType }).body.toString();

/** Documents with a secret under one of the names somewhere inside. */
const secretInside = fc
  .tuple(
    fc.constantFrom('pass-word', 'PASS-word', 'clé', 'CLÉ', '_accessToken'),
    fc.constantFrom<Json>('hunter2', ['hunter2'], { value: 'hunter2' }),
    fc.array(fc.record({ key: fc.string(), beside: fc.json(), isList: fc.boolean() }), { maxLength: 6 }),
  )
  .map(([name, secret, around]) =>
    around.reduce<Json>(
      (inner, { key, beside, isList }) => {
        const other = jsonSchema.parse(JSON.parse(beside));
        return isList ? [other, inner] : { a: other, [`${key}_`]: inner };
      },
      { [name]: secret },
    ),
  );

test('a secret is masked wherever it stands, in the event as in the body', () => {
  fc.assert(
    fc.property(secretInside, fc.constantFrom(undefined, 2), (document, space) => {
      const text = JSON.stringify(document, null, space);
      expect(JSON.stringify(json(jsonSchema.parse(document)))).not.toContain('hunter2');
      expect(kept(text)).not.toContain('hunter2');
      expect(JSON.parse(kept(text))).toEqual(json(jsonSchema.parse(JSON.parse(text))));
    }),
  );
});

test('all else stays letter for letter', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, '\t'), (text, space) => {
      const printed = JSON.stringify(JSON.parse(text), null, space);
      expect(kept(printed)).toBe(printed);
      expect(kept(`{ "n" : 1.50, "clé" : "hunter2" , "m": ${printed}}`)).toBe(
        `{ "n" : 1.50, "clé" : "***" , "m": ${printed}}`,
      );
    }),
  );
});

test('bytes that are no text stay as they are', () => {
  const body = Buffer.from([0xff, 0x00, 0x25, 0xfe]);
  expect(keep('', { body, contentType: 'application/octet-stream' }).body).toEqual(body);
});

test('a secret is masked in forms, in JSON inside them, in parts and in the query', () => {
  const form = 'application/x-www-form-urlencoded';
  expect(kept('a=1+2&cl%C3%A9=hunter2&b=%20', form)).toBe('a=1+2&cl%C3%A9=***&b=%20');
  expect(decodeURIComponent(kept(`d=${encodeURIComponent('{"clé":"hunter2","b":1}')}`, form))).toBe(
    'd={"clé":"***","b":1}',
  );
  expect(decodeURIComponent(kept(`d=${encodeURIComponent('{"clé":"hunter2')}`, form))).toBe('d={"clé":"***"');
  const part = (name: string, value: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\nX-More: 1\r\n\r\n${value}\r\n`;
  expect(kept(`${part('x', '1')}${part('clé', 'hunter\r\n2')}--b--`, 'multipart/form-data; boundary=b')).toBe(
    `${part('x', '1')}${part('clé', '***')}--b--`,
  );
  expect(kept(part('pass-word', 'hunter2 without an end'), 'multipart/form-data; boundary=b')).not.toContain('hunter2');
  expect(keep('', { url: '/in/s?a=%20&pass-word=hunter2&c' }).url).toBe('/in/s?a=%20&pass-word=***&c');
});

test('bearer tokens are masked wherever they stand, and prose about bearers is not', () => {
  const bearer = 'Bearer abcdefghijklmnop.QRST-uvw~x==';
  expect(kept(JSON.stringify({ note: `see ${bearer}!`, other: 'bearer shares are gone' }))).toBe(
    '{"note":"see Bearer ***!","other":"bearer shares are gone"}',
  );
  expect(keep('', { headers: [['x-copy', bearer]] }).headers).toEqual([['x-copy', 'Bearer ***']]);
  expect(json([bearer, 'bearer of news'])).toEqual(['Bearer ***', 'bearer of news']);
});
