import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IncomingRequest } from '../../electron/sources/source-types.ts';
import { parseTemplate } from '../../electron/sources/template/parse-template.ts';
import { readSignedTime } from '../../electron/sources/verify/signed/signed-time.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { postJson, startReceiver } from '../receiver/start-receiver.ts';
import { buildRequest, prepareSource } from './build-request.ts';

const nowMs = 1_700_000_000_000;
const body = Buffer.from('{"type":"a","n":1}');
const key = 'the key';
const mac = (content: string | Buffer, encoding: 'hex' | 'base64' = 'hex', secret = key): string =>
  createHmac('sha256', secret).update(content).digest(encoding);

type Verify = NonNullable<SourceSpec['verify']>;
const hmac = (settings: Verify): Verify => ({ scheme: 'hmac', header: 'x-sig', secret: { env: 'K' }, ...settings });

async function verdict(settings: Verify, parts: Partial<IncomingRequest>, secrets = { K: key, OLD: 'old key' }) {
  const request = buildRequest({ body, receivedAtMs: nowMs, ...parts });
  const result = await prepareSource({ verify: hmac(settings) }, secrets).verify(request);
  return result.ok ? 'ok' : result.code;
}

test('the template of the settings: a time, a colon, the body', async () => {
  const settings = { signed: '{header:x-ts}:{body}', time: { header: 'x-ts', tolerance: '5m' } };
  const at = (ts: string, signed = `${ts}:${body}`) =>
    verdict(settings, { headers: { 'x-ts': ts, 'x-sig': mac(signed) } });
  expect(await at('1700000000')).toBe('ok');
  expect(await at('1699999700')).toBe('ok');
  expect(await at('1699999699')).toBe('timestamp_too_old');
  expect(await at('1700000301')).toBe('timestamp_in_future');
  expect(await at('1700000000000')).toBe('ok');
  expect(await at('1700000000000000')).toBe('ok');
  expect(await at('2023-11-14T22:13:20Z')).toBe('ok');
  expect(await at('2023-11-14T22:13:20.123456789Z')).toBe('ok');
  expect(await at('yesterday')).toBe('timestamp_malformed');
  expect(await at('1700000000', `1700000001:${body}`)).toBe('signature_mismatch');
  expect(await verdict(settings, { headers: { 'x-sig': mac(`:${body}`) } })).toBe('signature_missing');
});

test('a unit that is given is the only one', async () => {
  const at = (unit: string, ts: string) =>
    verdict(
      { signed: '{timestamp}{body}', time: { header: 'x-ts', unit } },
      { headers: { 'x-ts': ts, 'x-sig': mac(`${ts}${body}`) } },
    );
  expect(await at('ms', '1700000000000')).toBe('ok');
  expect(await at('ms', '1700000000')).toBe('timestamp_too_old');
  expect(await at('iso', '1700000000')).toBe('timestamp_malformed');
});

test('an id, the method, a header and a parameter of the query', async () => {
  const settings = {
    signed: 'v0:{id}.{method}.{header:X-Kind}.{query:q}.{body}',
    id: { header: 'x-id' },
    prefix: 'v0=',
  };
  const parts = (content: string): Partial<IncomingRequest> => ({
    query: new URLSearchParams('q=ä b'),
    headers: { 'x-id': 'msg_1', 'x-kind': 'ping', 'x-sig': `v0=${mac(content)}` },
  });
  expect(await verdict(settings, parts(`v0:msg_1.POST.ping.ä b.${body}`))).toBe('ok');
  expect(await verdict(settings, parts(`v0:msg_1.PUT.ping.ä b.${body}`))).toBe('signature_mismatch');
  const { headers } = parts('');
  expect(await verdict(settings, { headers: { ...headers, 'x-id': '' } })).toBe('signature_missing');
});

test('the address: as the public address has it, as the request says, or as it is given', async () => {
  const settings = { signed: '{url}{body}' };
  const parts = (url: string): Partial<IncomingRequest> => ({
    target: '/in/crm?a=1',
    publicUrl: 'https://hooks.example.com/base/',
    headers: { host: 'box.local:8787', 'x-sig': mac(`${url}${body}`) },
  });
  expect(await verdict(settings, parts('https://hooks.example.com/base/in/crm?a=1'))).toBe('ok');
  expect(await verdict(settings, parts('https://box.local:8787/in/crm?a=1'))).toBe('ok');
  expect(await verdict(settings, parts('http://box.local:8787/in/crm?a=1'))).toBe('ok');
  expect(await verdict(settings, parts('https://hooks.example.com/in/crm?a=1'))).toBe('signature_mismatch');
  const given = { ...settings, url: 'https://proxy.example.com/crm' };
  expect(await verdict(given, parts('https://proxy.example.com/crm'))).toBe('ok');
  expect(await verdict(given, parts('https://box.local:8787/in/crm?a=1'))).toBe('signature_mismatch');
});

test('several signatures: separated, with prefixes, as pairs, on two lines', async () => {
  const right = mac(body);
  const wrong = '0'.repeat(64);
  const headers = (value: string) => ({ headers: { 'x-sig': value } });
  expect(await verdict({ separator: ' ', prefix: 'v1=' }, headers(`v1=${wrong} v1=${right}`))).toBe('ok');
  expect(await verdict({ separator: '|' }, headers(`${wrong}|${right}`))).toBe('ok');
  expect(await verdict({ pair: 'v1' }, headers(`v0=${right},v1=${wrong}`))).toBe('signature_mismatch');
  expect(await verdict({ pair: 'v1' }, headers(`v0=${right}`))).toBe('signature_malformed');
  const repeated = { headers: { 'x-sig': wrong }, repeatedHeaders: { 'x-sig': `${wrong}, ${right}` } };
  expect(await verdict({}, repeated)).toBe('ok');

  const timed = { pair: 'v1', signed: '{timestamp}.{body}', time: { pair: 't' } };
  const value = `t=1700000000,v1=${wrong}, v1=${mac(`1700000000.${body}`)}`;
  expect(await verdict(timed, headers(value))).toBe('ok');
  expect(await verdict(timed, headers(value.replace('t=17', 't=16')))).toBe('timestamp_too_old');
  expect(await verdict(timed, headers(value.replace('t=1700000000,', '')))).toBe('signature_missing');
});

test('several secrets, and one that is base64', async () => {
  const rotating = { scheme: 'hmac', header: 'x-sig', secrets: [{ env: 'K' }, { env: 'OLD' }] };
  const old = { headers: { 'x-sig': mac(body, 'hex', 'old key') } };
  const prepared = prepareSource({ verify: rotating }, { K: key, OLD: 'old key' });
  expect(await prepared.verify(buildRequest({ body, ...old }))).toMatchObject({
    verification: { detail: 'sha256, x-sig, secret 2' },
  });
  const encoded = Buffer.from(key).toString('base64');
  const right = { headers: { 'x-sig': mac(body) } };
  expect(await verdict({ secretEncoding: 'base64' }, right, { K: encoded, OLD: '' })).toBe('ok');
});

test.each([
  [{ signed: '{header:x-ts}' }, 'verify.signed has no {body}: anyone could change the body'],
  [{ signed: '{bdy}' }, 'verify.signed has {bdy} at character 1, which is no placeholder: use {body}'],
  [{ signed: '{header}{body}' }, 'which needs a name after a colon'],
  [{ signed: '{body:x}' }, 'where nothing may follow the name'],
  [{ signed: 'v0:{body' }, 'without its closing brace at character 4'],
  [{ signed: '{timestamp}{body}' }, 'verify.time is missing'],
  [{ signed: '{id}{body}' }, 'verify.id is missing'],
  [{ signed: '{body}', time: { header: 'x-ts' } }, 'verify.time is not covered by the signature'],
  [{ signed: '{timestamp}{body}', time: { pair: 't' } }, 'verify.pair is missing'],
  [{ signed: '{timestamp}{body}', time: {} }, 'verify.time must have either "header" or "pair"'],
  [{ url: 'hooks.example.com' }, 'verify.url must be a whole address'],
])('a template that proves nothing is refused when it is saved: %j', (settings, problem) => {
  expect(() => prepareSource({ verify: hmac(settings) }, { K: key })).toThrow(problem);
});

describe('whatever is signed', () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  const plain = fc.string({ unit: fc.constantFrom('a', '7', '.', ':', '-'), minLength: 1, maxLength: 8 });

  test('is taken, and not once a bit of it is changed', () => {
    const prepared = prepareSource(
      { verify: hmac({ signed: '{id}.{header:x-a}.{body}', id: { header: 'x-id' } }) },
      { K: key },
    );
    const isOk = (content: Buffer, headers: Record<string, string>): boolean => {
      const result = prepared.verify(buildRequest({ body: content, headers }));
      return !(result instanceof Promise) && result.ok;
    };
    fc.assert(
      fc.property(bytes, plain, plain, fc.nat(), (content, id, a, at) => {
        const signature = mac(Buffer.concat([Buffer.from(`${id}.${a}.`), content]));
        const headers = { 'x-id': id, 'x-a': a, 'x-sig': signature };
        expect(isOk(content, headers)).toBe(true);
        const flipped = Buffer.from(content.length === 0 ? 'x' : content);
        flipped[at % flipped.length] = (flipped[at % flipped.length] ?? 0) ^ (1 << (at % 8));
        if (content.length > 0) expect(isOk(flipped, headers)).toBe(false);
        const digit = signature[at % 64] === '0' ? '1' : '0';
        const wrong = signature.slice(0, at % 64) + digit + signature.slice((at % 64) + 1);
        expect(isOk(content, { ...headers, 'x-sig': wrong })).toBe(false);
      }),
    );
  });

  test('no header throws or is taken by chance', () => {
    const prepared = prepareSource(
      { verify: hmac({ pair: 'v1', signed: '{timestamp}.{body}', time: { pair: 't' } }) },
      { K: key },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const result = prepared.verify(buildRequest({ body, headers: { 'x-sig': value } }));
        expect(result).toMatchObject({ ok: false });
      }),
    );
  });

  test('a template gives its pieces back, in order', () => {
    const piece = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', ':', '.', '}', '{', ' ', '"') }).map((text) => ({ text })),
      fc.constantFrom('a', 'b-c', 'x.y').map((argument) => ({ name: 'header', argument })),
      fc.constant({ name: 'body', argument: null }),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const written = pieces.map((one) =>
          'text' in one
            ? one.text.replaceAll('{', '{{')
            : `{${one.name}${one.argument === null ? '' : `:${one.argument}`}}`,
        );
        const parsed = parseTemplate(written.join(''), { header: 'argument', body: 'alone' });
        if (!parsed.ok) throw new Error(parsed.problem);
        const flat = (parts: readonly ({ text: string } | { name: string; argument: string | null })[]) =>
          parts.map((part) => ('text' in part ? part.text : `\0${part.name}:${part.argument}\0`)).join('');
        expect(flat(parsed.parts)).toBe(flat(pieces));
      }),
    );
  });

  test('a time keeps its meaning in every unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }), (seconds) => {
        for (const [text, unit] of [
          [String(seconds), 's'],
          [`${seconds}000`, 'ms'],
          [`${seconds}000000`, 'us'],
          [new Date(seconds * 1000).toISOString(), 'iso'],
        ] as const) {
          expect(readSignedTime(text)?.atMs).toBe(seconds * 1000);
          expect(readSignedTime(text, unit)?.atMs).toBe(seconds * 1000);
        }
      }),
    );
  });
});

test('a test delivery of our own is signed as the template says, with the address it is sent to', async () => {
  const spec: SourceSpec = {
    slug: 'crm',
    preset: 'generic',
    verify: hmac({
      signed: '{timestamp}.{id}.{method}.{url}.{body}',
      time: { header: 'x-ts' },
      id: { header: 'x-id' },
    }),
  };
  const { url, accepted } = await startReceiver({ sources: [spec], secrets: { K: key } });
  const text = '{"type":"a"}';
  const sign = prepareSource(spec, { K: key }).sign;
  const headers = sign?.({
    body: Buffer.from(text),
    contentType: 'application/json',
    nowMs: Date.now(),
    url: `${url}/in/crm`,
  });
  expect((await postJson(`${url}/in/crm`, text, headers ?? {})).status).toBe(202);
  expect(accepted).toHaveLength(1);
  const query = prepareSource({ verify: hmac({ signed: '{query:a}{body}' }) }, { K: key });
  expect(query.sign?.({ body, contentType: 'application/json', nowMs })).toBeNull();
});
