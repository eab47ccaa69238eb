import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { listDeliveries } from '../../electron/store/lists/list-deliveries.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { sourceSpecSchema } from '../../shared/contract/sources.ts';
import { prepareSource } from '../sources/build-request.ts';
import { startSource } from '../sources/start-source.ts';
import { postJson, startReceiver } from './start-receiver.ts';

const start = (spec: Partial<SourceSpec>, secrets: Record<string, string> = {}) =>
  startReceiver({ sources: [sourceSpecSchema.parse({ slug: 'crm', preset: 'generic', ...spec })], secrets });

const hmac = (text: string, key: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHmac('sha256', key).update(text).digest(encoding);

describe('an accepted delivery is answered', () => {
  test('with the body, headers and status of its source, once it is stored', async () => {
    const { url, accepted } = await start({
      response: { status: 201, headers: { 'Content-Type': 'text/xml', 'X-Depot': 'yard' }, body: '<Response/>' },
    });
    const res = await postJson(`${url}/in/crm`, { event: 'a' });
    expect([res.status, await res.text()]).toEqual([201, '<Response/>']);
    expect(Object.fromEntries(res.headers)).toMatchObject({
      'content-type': 'text/xml',
      'x-depot': 'yard',
      'x-content-type-options': 'nosniff',
      'signalbox-delivery': 'dlv_1',
    });
    expect(accepted[0]?.status).toBe(201);
  });

  test('with headers alone beside the usual answer', async () => {
    const { url } = await start({ response: { headers: { 'x-depot': 'yard' } } });
    const res = await postJson(`${url}/in/crm`, { event: 'a' });
    expect([res.status, res.headers.get('x-depot'), await res.json()]).toEqual([
      202,
      'yard',
      { accepted: true, events: ['evt_1_0'], duplicate: false },
    ]);
  });

  test('with an empty body where the source says so', async () => {
    const { url } = await start({ response: { status: 200, body: '' } });
    const res = await postJson(`${url}/in/crm`, {});
    expect([res.status, await res.text()]).toEqual([200, '']);
  });

  test('by a template, in which what the sender wrote is escaped for the type of the answer', async () => {
    const template =
      '{"ok": true, "delivery": "{delivery}", "event": "{event}", "name": "{body:$.user.name}", "q": "{query:q}"}';
    const { url } = await start({ response: { headers: { 'content-type': 'application/json' }, template } });
    const res = await postJson(`${url}/in/crm?q=%22x`, { user: { name: 'a "b"\n</script>' } });
    expect(await res.json()).toEqual({
      ok: true,
      delivery: 'dlv_1',
      event: 'evt_1_0',
      name: 'a "b"\n</script>',
      q: '"x',
    });

    const xml = await start({
      response: { headers: { 'content-type': 'text/xml' }, template: '<a>{header:x-name}</a>' },
    });
    const answer = await postJson(`${xml.url}/in/crm`, {}, { 'x-name': '<b a="c">&' });
    expect(await answer.text()).toBe('<a>&lt;b a=&quot;c&quot;&gt;&amp;</a>');
  });

  test('by a template as plain text, cut at 4096 characters a value', async () => {
    const { url } = await start({ response: { template: '{{x} {body:$.a}!' } });
    const res = await postJson(`${url}/in/crm`, { a: '<script>'.repeat(1000) });
    expect(res.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await res.text()).toBe(`{x} ${'<script>'.repeat(512)}!`);
  });
});

test.each([
  [{ template: 'a {what}' }, 'response.template has {what} at character 3, which is no placeholder: use {delivery}'],
  [{ template: '{header}' }, 'response.template has {header} at character 1, which needs a name after a colon'],
  [{ template: 'x {body:$.a' }, 'without its closing brace at character 3'],
  [{ template: '{body:$[}' }, 'response.template is not a JSONPath'],
  [{ template: '{event}', headers: { 'content-type': 'text/html' } }, 'its content type must be text/plain'],
])('a response that cannot be given is refused when it is saved: %j', (response, problem) => {
  expect(() => prepareSource({ response })).toThrow(problem);
});

test.each([
  [{ response: { headers: { 'content-length': '3' } } }, 'is set by Signalbox'],
  [{ response: { headers: { 'x-a': 'a\r\nx-b: c' } } }, 'must be one line'],
  [{ response: { body: 'a', template: 'b' } }, 'cannot be combined'],
  [{ response: { status: 302 } }, '299'],
  [{ challenge: {} }, 'must have exactly one of'],
  [{ challenge: { query: 'a', header: 'b' } }, 'must have exactly one of'],
  [{ challenge: { header: 'a', prefix: 'b' } }, 'can only be combined with "hmacOf"'],
])('settings of answers are checked: %j', (settings, problem) => {
  const parsed = sourceSpecSchema.safeParse({ slug: 'a', preset: 'generic', ...settings });
  expect(JSON.stringify(parsed.error?.issues)).toContain(JSON.stringify(problem).slice(1, -1));
});

describe('a challenge', () => {
  test("in the query is sent back as text: Microsoft Graph's, by POST without a body", async () => {
    const { url, accepted, refused } = await start({ challenge: { query: 'validationToken' } });
    const token = 'Validation: Testing client <script>alert(1)</script> reachability';
    const res = await fetch(`${url}/in/crm?validationToken=${encodeURIComponent(token)}`, { method: 'POST' });
    expect([res.status, await res.text()]).toEqual([200, token]);
    expect(res.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(res.headers.get('x-content-type-options')).toBe('nosniff');
    expect(accepted).toEqual([]);
    expect(refused).toMatchObject([{ status: 200, code: 'address_tried' }]);

    // What has a body is a delivery, whatever its address says.
    expect((await postJson(`${url}/in/crm?validationToken=x`, { event: 'a' })).status).toBe(202);
    expect(accepted).toHaveLength(1);
  });

  test("is sent back only beside the secret: Meta's, by GET", async () => {
    const { url, refused } = await start(
      { challenge: { query: 'hub.challenge', verify: { env: 'META' } } },
      { META: 'meatyhamhock' },
    );
    const ask = async (secret: string) => {
      const res = await fetch(`${url}/in/crm?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${secret}`);
      return [res.status, await res.text()];
    };
    expect(await ask('meatyhamhock')).toEqual([200, '1158201444']);
    expect(await ask('wrong')).toEqual([403, '']);
    expect(refused.map(({ message }) => message)).toEqual([
      'The sender checked the address. The query parameter hub.challenge was answered.',
      expect.stringContaining('hub.verify_token does not hold the secret'),
    ]);
    expect(JSON.stringify(refused)).not.toContain('meatyhamhock');
  });

  test('beside a secret under another name, which is masked in what is kept', async () => {
    const { url, refused } = await start(
      { challenge: { query: 'echo', verify: { query: 'proof', secret: { env: 'S' } } } },
      { S: 'abc123' },
    );
    const res = await fetch(`${url}/in/crm?echo=7&proof=abc123`);
    expect([res.status, await res.text()]).toEqual([200, '7']);
    expect(refused[0]?.delivery.url).toBe('/in/crm?echo=7&proof=***');
  });

  test('that would end a subscription is answered only with the secret', async () => {
    const secret = 'a verify token';
    const asked = `hub.mode=unsubscribe&hub.topic=t&hub.challenge=1158201444&hub.verify_token=${secret}`;
    const open = await start({ challenge: { query: 'hub.challenge' } });
    expect((await fetch(`${open.url}/in/crm?${asked}`)).status).toBe(404);
    expect((await fetch(`${open.url}/in/crm?${asked.replace('un', '')}`)).status).toBe(200);
    const proven = await start({ challenge: { query: 'hub.challenge', verify: { env: 'META' } } }, { META: secret });
    expect((await fetch(`${proven.url}/in/crm?${asked}`)).status).toBe(200);
  });

  test('whose secret cannot be read is 503', async () => {
    const { url } = await start({ challenge: { query: 'hub.challenge', verify: { env: 'NONE' } } });
    expect((await fetch(`${url}/in/crm?hub.challenge=1`)).status).toBe(503);
  });

  test("in a header is sent back as JSON: Okta's; or in a header", async () => {
    const okta = await start({ challenge: { header: 'x-okta-verification-challenge' } });
    const res = await fetch(`${okta.url}/in/crm`, { headers: { 'x-okta-verification-challenge': 'abc' } });
    expect(await res.json()).toEqual({ verification: 'abc' });

    const hook = await start({ challenge: { header: 'x-hook-secret', answer: { header: 'x-hook-secret' } } });
    const answer = await fetch(`${hook.url}/in/crm`, { method: 'POST', headers: { 'x-hook-secret': 's1' } });
    expect([answer.status, answer.headers.get('x-hook-secret')]).toEqual([200, 's1']);
  });

  test("in a field is sent back as JSON: Monday's; a delivery with such a field is none", async () => {
    const { url, accepted } = await start({ challenge: { field: 'challenge' } });
    expect(await (await postJson(`${url}/in/crm`, { challenge: 'abc' })).json()).toEqual({ challenge: 'abc' });
    await postJson(`${url}/in/crm`, { challenge: 'abc', event: { type: 'a' } });
    expect(accepted).toHaveLength(1);

    const named = await start({
      challenge: { field: '$.data.code', when: { type: 'check' }, answer: { field: 'reply' } },
    });
    const body = { type: 'check', data: { code: 'x1' } };
    expect(await (await postJson(`${named.url}/in/crm`, body)).json()).toEqual({ reply: 'x1' });
  });

  test("is answered with its HMAC: X's, and Zoom's when it is signed", async () => {
    const x = await start({ challenge: { hmacOf: 'crc_token', secret: { env: 'X' } } }, { X: 'consumer-secret' });
    expect(await (await fetch(`${x.url}/in/crm?crc_token=abc-DEF_1`)).json()).toEqual({
      response_token: `sha256=${hmac('abc-DEF_1', 'consumer-secret', 'base64')}`,
    });

    const verify = { scheme: 'hmac', header: 'x-sig', secret: { env: 'Z' } };
    const zoom = await start({ verify, challenge: { hmacOf: 'plainToken' } }, { Z: 'zoom-secret' });
    const body = JSON.stringify({
      event: 'endpoint.url_validation',
      payload: { plainToken: 'qgg8vlvZRS6UYooatFL8Aw' },
    });
    const signed = await postJson(`${zoom.url}/in/crm`, body, { 'x-sig': hmac(body, 'zoom-secret') });
    expect(await signed.json()).toEqual({
      plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
      encryptedToken: hmac('qgg8vlvZRS6UYooatFL8Aw', 'zoom-secret'),
    });
    expect((await postJson(`${zoom.url}/in/crm`, body)).status).toBe(401);
  });

  test('gives nobody a signature of a delivery', async () => {
    const { url, accepted } = await start(
      { verify: { scheme: 'hmac', header: 'x-sig', secret: { env: 'K' } }, challenge: { hmacOf: 'crc_token' } },
      { K: 'key' },
    );
    const body = '{"event":"forged"}';
    expect((await fetch(`${url}/in/crm?crc_token=${encodeURIComponent(body)}`)).status).toBe(405);
    const token = await fetch(`${url}/in/crm?crc_token=forged`);
    const { response_token } = JSON.parse(await token.text());
    const signature = Buffer.from(String(response_token).slice('sha256='.length), 'base64').toString('hex');
    expect(
      (await postJson(`${url}/in/crm`, 'forged', { 'x-sig': signature, 'content-type': 'text/plain' })).status,
    ).toBe(401);
    expect(accepted).toEqual([]);
  });

  test.each([
    [{ hmacOf: 'crc_token' }, 'challenge.secret is missing'],
    [{ hmacOf: 'token', secret: { env: 'S' } }, 'challenge.answer is needed'],
    [{ field: '$[' }, 'challenge.field is not a JSONPath'],
  ])('that cannot be answered is refused when it is saved: %j', (challenge, problem) => {
    expect(() => prepareSource({ challenge })).toThrow(problem);
  });
});

describe('an address that is tried', () => {
  test.each(['GET', 'HEAD'])('with %s is answered 200, and shown as tried, not as a refusal', async (method) => {
    const { send, store } = await startSource({ preset: 'github', verify: { secret: { env: 'S' } } }, { S: 's' });
    const res = await send('', { method });
    expect([res.status, await res.text()]).toEqual([200, '']);
    await send('', { method: 'PUT' });
    const list = (result?: 'tried' | 'refused', query?: string) =>
      listDeliveries(store.reading, { result, query, limit: 10, nowMs: Date.now() }).items.map((one) => one.result);
    await expect.poll(() => list()).toEqual(['refused', 'tried']);
    expect([list('tried'), list('refused'), list(undefined, 'is:refused'), list(undefined, '-is:refused')]).toEqual([
      ['tried'],
      ['refused'],
      ['refused'],
      ['tried'],
    ]);
  });

  test('with data is refused, so that its sender does not take it for delivered', async () => {
    const { url, refused } = await start({});
    expect((await fetch(`${url}/in/crm?event=paid`)).status).toBe(405);
    expect(refused[0]?.code).toBe('method_not_allowed');
  });

  test('takes the place of no refusal, however often it is tried', async () => {
    const { send, store } = await startSource({ preset: 'generic' });
    await send('', { method: 'PUT' });
    for (let i = 0; i < 40; i++) await send('', { method: 'HEAD' });
    const count = (result: 'tried' | 'refused'): number =>
      listDeliveries(store.reading, { result, limit: 100, nowMs: Date.now() }).items.length;
    await expect.poll(() => count('refused')).toBe(1);
    expect(count('tried')).toBeLessThanOrEqual(20);
  });

  test('is an event where the source takes deliveries by GET', async () => {
    const { url, accepted } = await start({ methods: ['GET', 'POST'], event: { query: true } });
    expect((await fetch(`${url}/in/crm?event=paid`)).status).toBe(202);
    expect(accepted[0]?.events[0]).toMatchObject({ type: 'paid' });
  });
});
