import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readBody } from '../../electron/sources/body/read-body.ts';
import { createPaypalPreset } from '../../electron/sources/presets/paypal-ipn.ts';
import { presets } from '../../electron/sources/presets.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { catalogOf } from '../../shared/vendors/catalog.ts';
import { recogniseVendor } from '../../shared/vendors/recognise.ts';
import { sampleDelivery, standInDelivery } from '../../shared/vendors/sample-delivery.ts';
import { prepareSource, secretsFrom } from './build-request.ts';
import { address, codeOf, incoming, nowMs, secret, source } from './vendor-source.ts';

/** The presets of this file, and whether a test can sign for them. */
const signed = [
  'zoom',
  'meta',
  'okta',
  'hubspot',
  'twilio',
  'square',
  'trello',
  'linear',
  'notion',
  'zendesk',
  'jira',
  'sentry',
  'grafana',
  'alertmanager',
  'pagerduty',
  'twitch',
  'telegram',
  'workos',
];
const unsigned = ['microsoft-graph', 'mailgun', 'sendgrid', 'paypal-ipn'];

function sampleRequest(preset: string, type: string, sign?: ReturnType<typeof source>) {
  const delivery = sampleDelivery(preset, type, { id: `id-${type}`, atMs: nowMs }) ?? standInDelivery(preset, type);
  if (delivery === null) throw new Error(`${preset} has no sample of ${type}`);
  const body = Buffer.from(delivery.body);
  const proof = sign?.sign?.({ body, contentType: delivery.contentType, nowMs, url: address }) ?? {};
  return incoming({ body, headers: { 'content-type': delivery.contentType, ...delivery.headers, ...proof } });
}

describe.each([...signed, ...unsigned])('%s', (preset) => {
  const open = prepareSource({ preset, verify: { scheme: 'none' } });

  test('reads every sample as its type, with an id, which a repeat has too', () => {
    for (const { type } of catalogOf(preset)) {
      const request = sampleRequest(preset, type);
      const read = () => open.read(request, readBody(request.body, request.headers['content-type'] ?? ''));
      const found = read();
      if (!found.ok) throw new Error(`${type}: ${found.message}`);
      expect(found.events.map((event) => event.type)).toEqual([type]);
      expect(read()).toEqual(found);
      // Twitch's id is in a header that its signature adds.
      if (preset !== 'twitch') expect(found.events[0]?.externalId).toEqual(expect.any(String));
    }
  });

  test('reads the sample of its form', () => {
    const { sample } = presets.get(preset)?.info ?? { sample: { body: '', contentType: '' } };
    const body = Buffer.from(sample.body);
    const headers = { 'content-type': sample.contentType };
    expect(open.read(incoming({ body, headers }), readBody(body, sample.contentType))).toMatchObject({ ok: true });
  });

  test('is recognised by its samples, unless another vendor posts the same', () => {
    const [first] = catalogOf(preset);
    const request = sampleRequest(preset, first?.type ?? '', signed.includes(preset) ? source(preset) : undefined);
    const recognised = recogniseVendor({
      headerNames: new Set(Object.keys(request.headers)),
      contentType: request.headers['content-type'] ?? '',
      text: request.body.toString(),
    });
    const expected = preset === 'paypal-ipn' ? undefined : preset === 'okta' ? 'okta' : preset;
    if (preset !== 'sendgrid' && preset !== 'meta') expect(recognised?.preset).toBe(expected);
  });

  test('says what is wrong with a body that is none of its own', () => {
    for (const text of ['', '{}', '[]', '[[]]', '7', 'null', '{"value":7}', '{"entry":[7]}', 'a=b']) {
      const body = Buffer.from(text);
      const type = text === 'a=b' ? 'application/x-www-form-urlencoded' : 'application/json';
      const found = open.read(incoming({ body }), readBody(body, type));
      if (!found.ok) expect(found.message.length).toBeGreaterThan(10);
    }
  });
});

describe.each(signed)('the signature of %s', (preset) => {
  test('is taken from the sender alone, and over this body alone', async () => {
    const prepared = source(preset);
    const [first] = catalogOf(preset);
    const request = sampleRequest(preset, first?.type ?? '', prepared);
    expect(await codeOf(prepared, request)).toBe('ok');
    expect(await codeOf(source(preset, {}, 'another secret text'), request)).toMatch(/_mismatch|_wrong/);
    const { 'content-type': type = '' } = request.headers;
    const unproven = await codeOf(prepared, incoming({ body: request.body, headers: { 'content-type': type } }));
    expect(unproven).toMatch(/_missing/);
    // A token proves who sends, not what.
    if (['okta', 'alertmanager', 'telegram'].includes(preset)) return;
    const changed = Buffer.from(request.body.toString().replace(/[a-z]/, 'ß'));
    expect(await codeOf(prepared, { ...request, body: changed })).toBe('signature_mismatch');
  });
});

test('a delivery that is sent again later is refused where its time is signed', async () => {
  for (const preset of ['zoom', 'hubspot', 'zendesk', 'twitch', 'workos', 'linear']) {
    const prepared = source(preset);
    const request = sampleRequest(preset, catalogOf(preset)[0]?.type ?? '', prepared);
    const later = { ...request, receivedAtMs: nowMs + 3_600_000 };
    expect([preset, await codeOf(prepared, later)]).toEqual([preset, 'timestamp_too_old']);
  }
  const timed = source('grafana', {
    verify: { secret: { env: 'S' }, timestampHeader: 'x-grafana-timestamp' },
  });
  const request = sampleRequest('grafana', 'alert.firing', timed);
  expect(await codeOf(timed, request)).toBe('ok');
  expect(await codeOf(timed, { ...request, receivedAtMs: nowMs + 3_600_000 })).toBe('timestamp_too_old');
});

test("Twilio's JSON is covered by its hash in the address", async () => {
  const body = Buffer.from('{"EventType":"onMessageAdded"}');
  const query = `bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
  const target = `/in/crm?${query}`;
  const signature = createHmac('sha1', secret).update(`https://hooks.example.com${target}`).digest('base64');
  const headers = { 'content-type': 'application/json', 'x-twilio-signature': signature };
  const request = incoming({ body, target, query: new URLSearchParams(query), headers });
  expect(await codeOf(source('twilio'), request)).toBe('ok');
  expect(await codeOf(source('twilio'), { ...request, body: Buffer.from('{}') })).toBe('signature_mismatch');
});

test('HubSpot signs its address with some characters unescaped', async () => {
  const target = '/in/crm?next=%2Fa%3Ab';
  const signature = createHmac('sha256', secret)
    .update(`POSThttps://hooks.example.com/in/crm?next=/a:b[]${nowMs}`)
    .digest('base64');
  const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(nowMs) };
  expect(await codeOf(source('hubspot'), incoming({ body: Buffer.from('[]'), target, headers }))).toBe('ok');
});

test('PagerDuty lists two signatures while its secret is rotated', async () => {
  const body = Buffer.from('{"event":{"event_type":"pagey.ping","id":"1"}}');
  const right = createHmac('sha256', secret).update(body).digest('hex');
  const headers = { 'x-pagerduty-signature': `v1=${'0'.repeat(64)},v1=${right}` };
  expect(await codeOf(source('pagerduty'), incoming({ body, headers }))).toBe('ok');
});

describe('Mailgun', () => {
  const sign = (timestamp: string, token: string) =>
    createHmac('sha256', secret)
      .update(timestamp + token)
      .digest('hex');
  const bodyOf = (timestamp: string, signature: string, more: object = {}) =>
    Buffer.from(
      JSON.stringify({
        signature: { timestamp, token: 't31', signature, ...more },
        'event-data': { event: 'opened', id: 'e1' },
      }),
    );

  test.each([
    ['right', bodyOf('1769846400', sign('1769846400', 't31')), 'ok'],
    ['of another token', bodyOf('1769846400', sign('1769846400', 't32')), 'signature_mismatch'],
    ['old', bodyOf('1769746400', sign('1769746400', 't31')), 'timestamp_too_old'],
    ['not hexadecimal', bodyOf('1769846400', 'zz'), 'signature_malformed'],
    ['missing', Buffer.from('{"event-data":{}}'), 'signature_missing'],
  ])('takes a signature that is %s', async (_what, body, expected) => {
    expect(await codeOf(source('mailgun'), incoming({ body }))).toBe(expected);
  });

  test("takes the account's own signature of an event of a subaccount", async () => {
    const timestamp = '1769846400';
    const parent = (signature: string) => bodyOf(timestamp, '00'.repeat(32), { 'parent-signature': signature });
    expect(await codeOf(source('mailgun'), incoming({ body: parent(sign(timestamp, 't31')) }))).toBe('ok');
    expect(await codeOf(source('mailgun'), incoming({ body: parent('11'.repeat(32)) }))).toBe('signature_mismatch');
  });
});

describe('Microsoft Graph', () => {
  const bodyOf = (...states: unknown[]) =>
    Buffer.from(
      JSON.stringify({ value: states.map((clientState, i) => ({ clientState, changeType: 'created', id: `n${i}` })) }),
    );

  test.each([
    [[secret, secret], 'ok'],
    [[secret, 'other'], 'token_wrong'],
    [[7], 'token_wrong'],
    [[], 'token_missing'],
  ])('takes notifications with the client states %j', async (states, expected) => {
    expect(await codeOf(source('microsoft-graph'), incoming({ body: bodyOf(...states) }))).toBe(expected);
  });

  test('keeps no client state, and answers the validation token', async () => {
    const prepared = source('microsoft-graph');
    const read = prepared.read(incoming({}), readBody(bodyOf(secret), 'application/json'));
    expect(JSON.stringify(read)).not.toContain(secret);
    const request = incoming({ query: new URLSearchParams({ validationToken: 'a b' }) });
    expect(await prepared.handshake?.(request, { kind: 'none' })).toMatchObject({ status: 200, body: 'a b' });
  });
});

test('Meta is answered only with the verify token of the source', async () => {
  const verify = { secret: { env: 'S' }, verifyToken: { env: 'T' } };
  const prepared = prepareSource({ preset: 'meta', verify }, { S: secret, T: 'meatyhamhock' });
  const ask = (token: string) =>
    prepared.handshake?.(
      incoming({ method: 'GET', query: new URLSearchParams({ 'hub.challenge': '31', 'hub.verify_token': token }) }),
      { kind: 'none' },
    );
  expect(await ask('meatyhamhock')).toMatchObject({ status: 200, body: '31' });
  expect(await ask('wrong')).toMatchObject({ status: 403 });
  expect(source('meta').handshake).toBeUndefined();
});

test('Meta makes one event of each change and message', () => {
  const document = {
    object: 'page',
    entry: [
      {
        id: 'p1',
        time: 1769846400,
        changes: [
          { field: 'feed', value: {} },
          { field: 'leadgen', value: {} },
        ],
      },
      {
        id: 'p2',
        time: 1769846400123,
        messaging: [{ sender: { id: 's' }, timestamp: 1769846400123, message: { mid: 'm1' } }],
      },
    ],
  };
  const body = Buffer.from(JSON.stringify(document));
  const read = prepareSource({ preset: 'meta', verify: { scheme: 'none' } }).read(
    incoming({ body }),
    readBody(body, 'application/json'),
  );
  const events = read.ok ? read.events : [];
  expect(events.map(({ type, context }) => [type, context])).toEqual([
    ['page.feed', { object: 'page', id: 'p1', field: 'feed' }],
    ['page.leadgen', { object: 'page', id: 'p1', field: 'leadgen' }],
    ['page.messages', { object: 'page', id: 'p2', field: 'messages' }],
  ]);
  expect(new Set(events.map(({ externalId }) => externalId)).size).toBe(3);
});

test('an alert is one event in each of its states, however often it is sent', () => {
  const prepared = prepareSource({ preset: 'alertmanager', verify: { scheme: 'none' } });
  const alert = { labels: { alertname: 'A' }, fingerprint: 'f', startsAt: '2026-01-31T08:00:00Z' };
  const idsOf = (...alerts: object[]) => {
    const body = Buffer.from(JSON.stringify({ groupKey: 'g', alerts }));
    const read = prepared.read(incoming({ body }), readBody(body, 'application/json'));
    return read.ok ? read.events.map(({ type, externalId }) => [type, externalId]) : [];
  };
  const firing = { ...alert, status: 'firing', endsAt: '0001-01-01T00:00:00Z' };
  const resolved = { ...alert, status: 'resolved', endsAt: '2026-01-31T09:00:00Z' };
  const [first, second] = idsOf(firing, resolved);
  expect([first?.[0], second?.[0]]).toEqual(['alert.firing', 'alert.resolved']);
  expect(first?.[1]).not.toBe(second?.[1]);
  expect(idsOf(firing)).toEqual([first]);
});

test('Notion posts its token once; after a secret is set nobody else can', async () => {
  const body = readBody(Buffer.from('{"verification_token":"secret_31"}'), 'application/json');
  const waiting = prepareSource({ preset: 'notion', verify: { secret: { env: 'NONE' } } }, {});
  expect(await waiting.handshake?.(incoming({}), body)).toMatchObject({
    status: 200,
    tried: expect.stringContaining('verification token'),
  });
  expect(await source('notion').handshake?.(incoming({}), body)).toBeNull();
});

test('Twitch is answered once its challenge is signed', async () => {
  const prepared = source('twitch');
  const body = Buffer.from('{"challenge":"pogchamp-kappa","subscription":{"type":"stream.online"}}');
  const headers = {
    ...prepared.sign?.({ body, contentType: 'application/json', nowMs }),
    'twitch-eventsub-message-type': 'webhook_callback_verification',
  };
  const read = readBody(body, 'application/json');
  expect(await prepared.handshake?.(incoming({ body, headers }), read)).toMatchObject({ body: 'pogchamp-kappa' });
  const forged = { ...headers, 'twitch-eventsub-message-signature': `sha256=${'0'.repeat(64)}` };
  expect(await prepared.handshake?.(incoming({ body, headers: forged }), read)).toBeNull();
});

describe('PayPal', () => {
  const fields = { txn_id: '1', payment_status: 'Completed', receiver_email: 'Sales@example.com' };
  const verify = (settings: NonNullable<SourceSpec['verify']>, sent: Record<string, string>, answer = 'VERIFIED') => {
    const asked: [string, string][] = [];
    const preset = createPaypalPreset((url, body) => {
      asked.push([url.href, body.toString()]);
      return Promise.resolve(answer);
    });
    const prepared = preset.prepare({ slug: 'crm', preset: 'paypal-ipn', verify: settings }, secretsFrom({}));
    const body = Buffer.from(new URLSearchParams(sent).toString());
    return { asked, body, code: () => codeOf(prepared, incoming({ body })) };
  };

  test('is asked with the bytes of the message', async () => {
    const { asked, body, code } = verify({ receiver: 'sales@example.com' }, fields);
    expect(await code()).toBe('ok');
    expect(asked).toEqual([['https://ipnpb.paypal.com/cgi-bin/webscr', `cmd=_notify-validate&${body}`]]);
  });

  test("is asked about the example of PayPal's documentation, which is read in its charset", async () => {
    const body =
      'mc_gross=19.95&protection_eligibility=Eligible&address_status=confirmed&payer_id=LPLWNMTBWMFAY&tax=0.00' +
      '&address_street=1+Main+St&payment_date=20%3A12%3A59+Jan+13%2C+2009+PST&payment_status=Completed' +
      '&charset=windows-1252&address_name=Test+User&notify_version=2.6&custom=&txn_id=61E67681CH3238416' +
      '&receiver_email=gpmac_1231902686_biz%40paypal.com&txn_type=express_checkout&mc_currency=USD';
    const settings = { receiver: 'gpmac_1231902686_biz@paypal.com' };
    const { asked, code } = verify(settings, Object.fromEntries(new URLSearchParams(body)));
    expect(await code()).toBe('ok');
    expect(asked[0]?.[1]).toBe(`cmd=_notify-validate&${body}`);
    const open = prepareSource({ preset: 'paypal-ipn', verify: { scheme: 'none' } });
    const read = open.read(incoming({}), readBody(Buffer.from(body), 'application/x-www-form-urlencoded'));
    expect(read.ok ? read.events : []).toMatchObject([
      {
        type: expect.any(String),
        externalId: expect.stringContaining('61E67681CH3238416'),
        occurredAtMs: Date.parse('2009-01-14T04:12:59Z'),
      },
    ]);
  });

  test('has the last word', async () => {
    expect(await verify({}, fields, 'INVALID').code()).toBe('signature_mismatch');
    await expect(verify({}, fields, '<html>').code()).rejects.toThrow('neither VERIFIED nor INVALID');
  });

  test('is not asked about another account, nor about the sandbox unless it is allowed', async () => {
    const other = verify({ receiver: 'other@example.com' }, fields);
    expect([await other.code(), other.asked]).toEqual(['receiver_wrong', []]);
    const sandbox = { ...fields, test_ipn: '1' };
    expect(await verify({}, sandbox).code()).toBe('sandbox_not_allowed');
    const allowed = verify({ sandbox: true }, sandbox);
    expect(await allowed.code()).toBe('ok');
    expect(allowed.asked[0]?.[0]).toBe('https://ipnpb.sandbox.paypal.com/cgi-bin/webscr');
  });
});
