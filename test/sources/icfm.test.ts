import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildRequest, prepareSource } from './build-request.ts';
import { bigText, startSource } from './start-source.ts';

const preset = 'icfm';
const verify = { token: { env: 'NOW' }, previousToken: { env: 'BEFORE' } };
const secrets = { NOW: 'n0w-token', BEFORE: 'b4-token' };
const start = (event = {}) => startSource({ preset, event, verify }, secrets);
const auth = { authorization: 'Bearer n0w-token' };
const form = 'application/x-www-form-urlencoded';
const sent = { event: 'project_created', id: '42' };

describe('an event is read from', () => {
  test('a GET with all in the query, at an address that ends in /listen.php', async () => {
    const { request } = await start();
    const { status, events, delivery } = await request('/listen.php?token=n0w-token&event=project_created&id=42', {});
    expect([status, delivery.method, delivery.url]).toEqual([
      200,
      'GET',
      '/in/src/listen.php?token=***&event=project_created&id=42',
    ]);
    expect(events).toMatchObject([{ type: 'project_created', system: 'icfm', context: {}, payload: sent }]);
  });

  test.each<[string, string, string, unknown]>([
    ['JSON', JSON.stringify(sent), 'application/json', sent],
    ['JSON that says it is a form', JSON.stringify(sent), form, sent],
    ['JSON that says it is XML', JSON.stringify(sent), 'text/xml', sent],
    ['a form', 'event=project_created&id=42', form, sent],
    ['a form that says it is JSON', 'event=project_created&id=42', 'application/json', sent],
    ['a form that says it is text', 'event=project_created&id=42', 'text/plain', sent],
    ['JSON in a form’s only field', `data=${encodeURIComponent(JSON.stringify(sent))}`, form, sent],
    ['JSON as a form’s only name', `${encodeURIComponent(JSON.stringify(sent))}=`, form, sent],
    [
      'JSON in one field of several',
      `site=A&data=${encodeURIComponent(JSON.stringify(sent))}`,
      form,
      { site: 'A', data: sent },
    ],
  ])('%s', async (_name, body, contentType, payload) => {
    const { post } = await start();
    const { events } = await post(body, { ...auth, 'content-type': contentType });
    expect(events).toMatchObject([{ type: 'project_created', payload }]);
  });

  test('multipart, with or without JSON in a part', async () => {
    const { request } = await start();
    const send = (fields: Record<string, string>) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      return request('', { method: 'POST', headers: auth, body });
    };
    expect((await send(sent)).events).toMatchObject([{ type: 'project_created', payload: sent }]);
    expect((await send({ payload: JSON.stringify(sent) })).events).toMatchObject([
      { type: 'project_created', payload: sent },
    ]);
  });

  test('a body, with the type in the query beside it', async () => {
    const { post } = await start();
    const { events } = await post({ id: 42 }, auth, '/listen.php?action=quote_created&token=x');
    expect(events).toMatchObject([
      { type: 'quote_created', payload: { id: 42 }, context: { query: { action: 'quote_created' } } },
    ]);
  });

  test('a list of objects, one event each, and from any other list as it is', async () => {
    const { post } = await start();
    const { events } = await post([sent, { event: 'lead_added' }], auth);
    expect(events.map(({ type }) => type)).toEqual(['project_created', 'lead_added']);
    expect((await post([sent, 7], auth)).events).toMatchObject([{ type: 'src.received', payload: [sent, 7] }]);
  });

  test('nothing at all, as a bare ping', async () => {
    const { request, post } = await start();
    expect((await request('/n0w-token', {})).events).toMatchObject([{ type: 'src.received', payload: {} }]);
    expect((await post('', auth)).events).toMatchObject([{ type: 'src.received', payload: {} }]);
  });
});

describe('the type', () => {
  test('stands in the first of the usual fields that holds one', async () => {
    const { post } = await start();
    const types = [
      { name: 'n', action: 'a', type: 't', event_type: 'e' },
      { name: 'n', event: '', eventType: 'e' },
      { name: 'n', event: { a: 1 } },
      { project: { name: 'Spring' } },
    ].map(async (body) => (await post(body, auth)).events[0]?.type);
    expect(await Promise.all(types)).toEqual(['e', 'e', 'n', 'src.received']);
  });

  test('stands where the source says', async () => {
    const { post } = await start({ typeFields: ['kind'] });
    expect((await post({ event: 'x', kind: 'po_status_change' }, auth)).events[0]?.type).toBe('po_status_change');
  });
});

describe('the token', () => {
  test.each<[string, string, Record<string, string>, number, string | undefined]>([
    ['in the path', '/n0w-token/listen.php', {}, 200, undefined],
    ['in the query', '?token=n0w-token', {}, 200, undefined],
    ['in a header', '', auth, 200, undefined],
    ['of before', '/b4-token', {}, 200, undefined],
    ['percent-encoded', '/n0w%2Dtoken', {}, 200, undefined],
    ['beside a wrong one', '/else?token=n0w-token', {}, 200, undefined],
    ['wrong', '/n0w-tokem/listen.php', {}, 401, 'token_wrong'],
    ['short', '?token=n0w', {}, 401, 'token_wrong'],
    ['empty', '?token=', {}, 401, 'token_missing'],
    ['missing', '/listen.php', {}, 401, 'token_missing'],
    ['percent-encoded badly', '/%E0%A4', {}, 401, 'token_wrong'],
  ])('%s is answered as it deserves, and is not kept', async (_name, path, headers, status, code) => {
    const { post } = await start();
    const { status: answered, reason, delivery } = await post(sent, headers, path);
    expect([answered, reason?.code]).toEqual([status, code]);
    expect(JSON.stringify([delivery.url, delivery.headers])).not.toMatch(/n0w|b4|else/);
  });

  test('says where it was found', async () => {
    const { post } = await start();
    expect((await post(sent, {}, '/b4-token')).events).toMatchObject([
      { verification: { state: 'verified', scheme: 'url-token', detail: 'the path, token 2' } },
    ]);
  });

  test('is had from a list too, and from elsewhere where the source says so', async () => {
    const { post } = await startSource(
      { preset, verify: { tokens: [{ env: 'NOW' }, { env: 'BEFORE' }], query: 'k', header: 'X-K' } },
      secrets,
    );
    expect((await post(sent, {}, '?k=b4-token')).status).toBe(200);
    expect((await post(sent, { 'x-k': 'n0w-token' })).status).toBe(200);
    expect((await post(sent, {}, '?token=n0w-token')).reason?.code).toBe('token_missing');
  });

  test('that cannot be read is a problem of the source', async () => {
    const { post, registry } = await startSource({ preset, verify: { token: { env: 'GONE' } } });
    expect(registry.get('src')?.problem).toBe('verify.token: the environment variable is not set');
    expect((await post(sent, {}, '/x')).reason?.code).toBe('source_misconfigured');
  });
});

describe('the sender’s address', () => {
  const proxied = { trustedProxies: ['127.0.0.1/32'], publicUrl: '' };
  const from = (address: string) => ({ 'x-forwarded-for': address });

  test('is asked for beside the token', async () => {
    const both = { ...verify, allowFrom: ['203.0.113.0/24', '2001:db8::7'] };
    const { post } = await startSource({ preset, verify: both }, secrets, proxied);
    expect((await post(sent, { ...auth, ...from('203.0.113.9') })).events).toMatchObject([
      { verification: { state: 'verified', detail: 'the header authorization, from 203.0.113.0/24' } },
    ]);
    expect((await post(sent, { ...auth, ...from('2001:db8::7') })).status).toBe(200);
    expect((await post(sent, { ...auth, ...from('203.0.114.9') })).reason?.code).toBe('address_not_allowed');
    expect((await post(sent, from('203.0.113.9'))).reason?.code).toBe('token_missing');
  });

  test('alone lets in, but proves nothing', async () => {
    const { post } = await startSource({ preset, verify: { allowFrom: ['127.0.0.0/8'] } });
    expect((await post(sent)).events).toMatchObject([
      { verification: { state: 'none', scheme: 'address', detail: 'from 127.0.0.0/8' } },
    ]);
    expect((await post(sent, { 'sec-fetch-site': 'cross-site' })).reason?.code).toBe('from_a_page');
  });

  test.each([
    [{}, 'verify.token is missing'],
    [{ token: 'inline' }, 'must say where the secret is'],
    [{ allowFrom: ['10.1'] }, 'must be an address or a range'],
    [{ allowFrom: ['10.0.0.0/33'] }, 'must be an address or a range'],
    [{ allowFrom: [] }, 'must name at least one address'],
    [{ previousToken: { env: 'A' }, allowFrom: ['::1'] }, 'needs "token" beside it'],
    [{ token: { env: 'A' }, tokens: [{ env: 'A' }] }, 'cannot be combined with "token"'],
  ])('and token are checked: %j', (settings, message) => {
    expect(() => prepareSource({ preset, verify: settings })).toThrow(message);
  });
});

describe('repeats', () => {
  const idAt = (receivedAtMs: number, body = 'a=1', event: object = { dedupeWindow: '30s' }) => {
    const request = buildRequest({ body: Buffer.from(body), receivedAtMs, query: new URLSearchParams('q=1&token=x') });
    const read = prepareSource({ preset, event: { ...event }, verify: { scheme: 'none' } }).read(request, {
      kind: 'form',
      fields: {},
    });
    return read.ok ? (read.events[0]?.externalId ?? null) : null;
  };
  const windowStartMs = 1_700_000_010_000;

  test('are told by body and query within a window of the clock', () => {
    expect(idAt(windowStartMs)).toBe(idAt(windowStartMs + 29_999));
    expect(idAt(windowStartMs)).not.toBe(idAt(windowStartMs, 'a=2'));
    expect(idAt(windowStartMs, 'a=1', {})).toBeNull();
  });

  test('across the edge of two windows count as new', () => {
    expect(idAt(windowStartMs - 1)).not.toBe(idAt(windowStartMs));
  });

  test('never lie further apart than the window', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 30_000, max: 200_000 }), (startMs, laterMs) => {
        expect(idAt(windowStartMs + startMs)).not.toBe(idAt(windowStartMs + startMs + laterMs));
      }),
      { numRuns: 50 },
    );
  });

  test('of a form with files, whose boundary is new each time, are repeats', async () => {
    const { request } = await start({ dedupeWindow: '1d' });
    const send = async (id: string) => {
      const body = new FormData();
      body.append('event', 'job_saved');
      body.append('id', id);
      return (await request('', { method: 'POST', headers: auth, body })).delivery.result;
    };
    expect([await send('1'), await send('1'), await send('2')]).toEqual(['accepted', 'duplicate', 'accepted']);
  });

  test('of a GET are told by its query', async () => {
    const { request } = await start({ dedupeWindow: '1d' });
    const send = async (id: number) => (await request(`?token=n0w-token&event=job_saved&id=${id}`, {})).delivery.result;
    expect([await send(1), await send(1), await send(2)]).toEqual(['accepted', 'duplicate', 'accepted']);
  });

  test('are told by an id where the source names one', async () => {
    const { post } = await start({ id: '$.id', occurredAt: '$.at' });
    expect((await post({ ...sent, at: 1_700_000_000 }, auth)).events).toMatchObject([
      { externalId: '42', occurredAt: '2023-11-14T22:13:20.000Z' },
    ]);
    expect((await post({ ...sent, at: 1 }, auth)).delivery.result).toBe('duplicate');
  });
});

test('fields that the source names are masked wherever they stand', async () => {
  const { post, request } = await start({ redact: ['password'] });
  const check = async (outcome: Awaited<ReturnType<typeof post>>) => {
    expect(outcome.status).toBe(200);
    expect(JSON.stringify([outcome.delivery, outcome.events])).not.toContain('hunter2');
    expect(JSON.stringify(outcome.events)).toContain('***');
  };
  await check(await post({ event: 'a', user: { password: 'hunter2' } }, auth));
  await check(await post('event=a&password=hunter2', { ...auth, 'content-type': form }));
  await check(await post('event=a&pass%77ord=hunter2', { ...auth, 'content-type': form }));
  await check(await post(`data=${encodeURIComponent('{"password":"hunter2"}')}`, { ...auth, 'content-type': form }));
  const body = new FormData();
  body.append('password', 'hunter2');
  body.append('event', 'a');
  await check(await request('', { method: 'POST', headers: auth, body }));
  const query = await request('?token=n0w-token&password=hunter2&event=a', {});
  expect(JSON.stringify([query.delivery, query.events])).not.toContain('hunter2');
});

test.each<[string, string, Record<string, string>, number, string | undefined]>([
  ['broken JSON', '{"event":', { 'content-type': 'application/json' }, 422, 'unreadable_body'],
  ['broken JSON in a field', 'event=a&data=%7B%22x', { 'content-type': form }, 200, undefined],
  ['broken multipart', 'x', { 'content-type': 'multipart/form-data; boundary=b' }, 422, 'unreadable_body'],
  ['text', 'something happened', { 'content-type': 'text/plain' }, 200, undefined],
  ['markup', '<event>x</event>', { 'content-type': 'text/xml' }, 200, undefined],
  ['a mebibyte', JSON.stringify({ ...sent, note: bigText }), {}, 200, undefined],
])('%s is never a 500', async (_name, body, headers, status, code) => {
  const { post } = await start();
  const outcome = await post(body, { ...auth, ...headers });
  expect([outcome.status, outcome.reason?.code]).toEqual([status, code]);
});

test('a source without any check is possible when it is said', async () => {
  const { post } = await startSource({ preset, verify: { scheme: 'none' } });
  expect((await post(sent, {}, '/a/b')).delivery.url).toBe('/in/src/a/b');
});
