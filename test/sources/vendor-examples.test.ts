import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readBody } from '../../electron/sources/body/read-body.ts';
import type { SourceSpec } from '../../shared/contract/sources.ts';
import { prepareSource } from './build-request.ts';
import { address, codeOf, incoming, nowMs, secret, source } from './vendor-source.ts';

/** PagerDuty's way of naming one of its things. */
const reference = (kind: string, path: string, id: string, summary: string): object => ({
  html_url: `https://acme.pagerduty.com/${path === 'priorities' ? 'account/incident_priorities' : `${path}/${id}`}`,
  id,
  self: `https://api.pagerduty.com/${path}/${id}`,
  summary,
  type: `${kind}_reference`,
});

/** The delivery that PagerDuty's library for Go is tested with. */
const pagerdutyExample = JSON.stringify({
  event: {
    id: '01BWDWL3NYY7LUFPZCC28QUCMK',
    event_type: 'incident.priority_updated',
    resource_type: 'incident',
    occurred_at: '2021-04-26T17:36:27.458Z',
    agent: reference('user', 'users', 'PLH1HKV', 'Tenex Engineer'),
    client: null,
    data: {
      id: 'PGR0VU2',
      type: 'incident',
      self: 'https://api.pagerduty.com/incidents/PGR0VU2',
      html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
      number: 2,
      status: 'triggered',
      title: 'A little bump in the road',
      service: reference('service', 'services', 'PF9KMXH', 'API Service'),
      assignees: [reference('user', 'users', 'PTUXL6G', 'User 123')],
      escalation_policy: reference('escalation_policy', 'escalation_policies', 'PUS0KTE', 'Default'),
      teams: [reference('team', 'teams', 'PFCVPS0', 'Engineering')],
      priority: reference('priority', 'priorities', 'PSO75BM', 'P1'),
      urgency: 'high',
      conference_bridge: { conference_number: 1000, conference_url: 'https://example.com' },
      resolve_reason: null,
    },
  },
});

describe('examples that vendors publish', () => {
  test("Square's, from the tests of its libraries", async () => {
    const body = Buffer.from(
      '{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f",' +
        '"created_at":"2022-07-13T20:30:59.037339943Z","data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}',
    );
    const request = incoming({
      body,
      target: '/679a4f3a-dcfa-49ee-bac5-9d0edad886b9',
      publicUrl: 'https://webhook.site',
      headers: { 'x-square-hmacsha256-signature': 'GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4=' },
    });
    expect(await codeOf(source('square', {}, 'Ibxx_5AKakO-3qeNVR61Dw'), request)).toBe('ok');
  });

  test("Twilio's, from its documentation, by the address in the settings or by its own", async () => {
    const body = Buffer.from(
      new URLSearchParams({
        CallSid: 'CA1234567890ABCDE',
        Caller: '+14158675309',
        Digits: '1234',
        From: '+14158675309',
        To: '+18005551212',
      }).toString(),
    );
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
    };
    const request = incoming({ body, headers, target: '/myapp.php?foo=1&bar=2', publicUrl: 'https://mycompany.com' });
    expect(await codeOf(source('twilio', {}, '12345'), request)).toBe('ok');
    const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    const fixed = source('twilio', { verify: { secret: { env: 'S' }, url } }, '12345');
    expect(await codeOf(fixed, incoming({ body, headers }))).toBe('ok');
    expect(
      await codeOf(
        fixed,
        incoming({ body: Buffer.from('{}'), headers: { ...headers, 'content-type': 'application/json' } }),
      ),
    ).toBe('signature_mismatch');
  });

  test.each<[string, string, string, string, Record<string, string>, number?]>([
    [
      'Jira',
      'jira',
      "It's a Secret to Everybody",
      'Hello World!',
      { 'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9' },
    ],
    [
      'Notion',
      'notion',
      'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl',
      '{"verification_token":"secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"}',
      { 'x-notion-signature': 'sha256=461e8cbcba8a75c3edd866f0e71280f5a85cbf21eff040ebd10fe266df38a735' },
    ],
    [
      'WorkOS',
      'workos',
      '1lyKDzhJjuCkIscIWqkSe4YsQ',
      '{"id":"wh_01FG9JXJ9C9S052FX59JVG4EG1","data":{"id":"conn_01EHWNC0FCBHZ3BJ7EGKYXK0E6","name":"Foo Corp\'s Connection",' +
        '"state":"active","object":"connection","domains":[{"id":"conn_domain_01EHWNFTAFCF3CQAE5A9Q0P1YB",' +
        '"domain":"foo-corp.com","object":"connection_domain"}],"connection_type":"OktaSAML",' +
        '"organization_id":"org_01EHWNCE74X7JSDV0X3SZ3KJNY"},"event":"connection.activated"}',
      { 'workos-signature': 't=1632409405772, v1=67612f0e74f008b436a13b00266f90ef5c13f9cbcf6262206f5f4a539ff61702' },
      1_632_409_405_772,
    ],
    [
      'PagerDuty',
      'pagerduty',
      'lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itBAYzwU0TARw8lJqRnkKl2iB1anSb0Z+IK',
      pagerdutyExample,
      { 'x-pagerduty-signature': 'v1=0c0b9495b893a39e70d1fea2fe11fbe0a825f88b9f67846f6cc07dd2bc5476cd' },
    ],
  ])(
    "%s's signature, from its documentation or the tests of its libraries",
    async (_name, preset, key, text, headers, atMs) => {
      const request = incoming({ body: Buffer.from(text), headers, receivedAtMs: atMs ?? nowMs });
      expect(await codeOf(source(preset, {}, key), request)).toBe('ok');
      expect(await codeOf(source(preset, {}, key), { ...request, body: Buffer.from(`${text} `) })).toBe(
        'signature_mismatch',
      );
    },
  );

  test("HubSpot's, from the tests of its library for Python", async () => {
    const request = incoming({
      body: Buffer.from("{'example_field':'example_value'}"),
      target: '/webhook_uri',
      publicUrl: 'https://www.example.com',
      receivedAtMs: 15_000_000,
      headers: {
        'x-hubspot-signature-v3': 'HPW73RUtKmcYoEDADG0s6MmGFWUzWJKAW07r8RDgcQw=',
        'x-hubspot-request-timestamp': '15000000',
      },
    });
    expect(await codeOf(source('hubspot', {}, 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy'), request)).toBe('ok');
  });

  test("Okta's, Twitch's, Meta's and Microsoft's challenges, from their documentation", async () => {
    const asked = { method: 'GET', headers: { 'x-okta-verification-challenge': 'my verification challenge' } };
    const okta = await source('okta').handshake?.(incoming(asked), { kind: 'none' });
    expect(JSON.parse(okta?.body ?? '')).toEqual({ verification: 'my verification challenge' });

    const query = 'hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meatyhamhock';
    const verify = { secret: { env: 'S' }, verifyToken: { env: 'T' } };
    const meta = prepareSource({ preset: 'meta', verify }, { S: secret, T: 'meatyhamhock' });
    const subscribing = incoming({ method: 'GET', query: new URLSearchParams(query) });
    expect(await meta.handshake?.(subscribing, { kind: 'none' })).toMatchObject({ status: 200, body: '1158201444' });

    const validating = incoming({
      query: new URLSearchParams('validationToken=Validation%3a+Testing+client+application'),
    });
    expect(await source('microsoft-graph').handshake?.(validating, { kind: 'none' })).toMatchObject({
      status: 200,
      body: 'Validation: Testing client application',
    });

    const twitch = source('twitch');
    const body = Buffer.from('{"challenge":"pogchamp-kappa-360noscope-vohiyo"}');
    const headers = {
      ...twitch.sign?.({ body, contentType: 'application/json', nowMs }),
      'twitch-eventsub-message-type': 'webhook_callback_verification',
    };
    const answer = await twitch.handshake?.(incoming({ body, headers }), readBody(body, 'application/json'));
    expect(answer).toMatchObject({ status: 200, body: 'pogchamp-kappa-360noscope-vohiyo' });
  });

  test("Zoom's challenge, signed as its deliveries are", async () => {
    const prepared = source('zoom');
    const body = Buffer.from(
      JSON.stringify({
        payload: { plainToken: 'qgg8vlvZRS6UYooatFL8Aw' },
        event_ts: nowMs,
        event: 'endpoint.url_validation',
      }),
    );
    const headers = prepared.sign?.({ body, contentType: 'application/json', nowMs }) ?? {};
    const answer = await prepared.handshake?.(incoming({ body, headers }), readBody(body, 'application/json'));
    expect(JSON.parse(answer?.body ?? '')).toEqual({
      plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
      encryptedToken: createHmac('sha256', secret).update('qgg8vlvZRS6UYooatFL8Aw').digest('hex'),
    });
    expect(await prepared.handshake?.(incoming({ body }), readBody(body, 'application/json'))).toBeNull();
  });
});

describe('signatures computed as the documentation says, apart from the code that verifies', () => {
  const text = '{"action":"made","data":{"name":"Zoë"},"webhookTimestamp":1769846400000}';
  const mac = (algorithm: string, encoding: 'hex' | 'base64', signed: string) =>
    createHmac(algorithm, secret).update(signed).digest(encoding);
  const seconds = String(nowMs / 1000);
  const time = new Date(nowMs).toISOString();

  test.each<[string, string, Record<string, string>, Partial<SourceSpec>?]>([
    [
      'zoom',
      'v0=',
      { 'x-zm-request-timestamp': seconds, 'x-zm-signature': `v0=${mac('sha256', 'hex', `v0:${seconds}:${text}`)}` },
    ],
    ['trello', 'base64', { 'x-trello-webhook': mac('sha1', 'base64', text + address) }],
    ['linear', 'hex', { 'linear-signature': mac('sha256', 'hex', text) }],
    ['sentry', 'hex', { 'sentry-hook-signature': mac('sha256', 'hex', text), 'sentry-hook-resource': 'issue' }],
    ['meta', 'sha256=', { 'x-hub-signature-256': `sha256=${mac('sha256', 'hex', text)}` }],
    [
      'zendesk',
      'base64 with its time',
      {
        'x-zendesk-webhook-signature': mac('sha256', 'base64', time + text),
        'x-zendesk-webhook-signature-timestamp': time,
      },
    ],
    [
      'twitch',
      'with its id and time',
      {
        'twitch-eventsub-message-id': 'e76c6bd4-55c9-4987-8304-da1588d8988b',
        'twitch-eventsub-message-timestamp': time,
        'twitch-eventsub-message-signature': `sha256=${mac('sha256', 'hex', `e76c6bd4-55c9-4987-8304-da1588d8988b${time}${text}`)}`,
      },
    ],
    ['grafana', 'hex', { 'x-grafana-alerting-signature': mac('sha256', 'hex', text) }],
    [
      'grafana',
      'hex with its time',
      { 'x-grafana-alerting-signature': mac('sha256', 'hex', `${seconds}:${text}`), 'x-grafana-timestamp': seconds },
      { verify: { secret: { env: 'S' }, timestampHeader: 'x-grafana-timestamp' } },
    ],
  ])('%s: %s', async (preset, _how, headers, spec) => {
    const request = incoming({ body: Buffer.from(text), headers });
    expect(await codeOf(source(preset, spec), request)).toBe('ok');
    expect(await codeOf(source(preset, spec), { ...request, body: Buffer.from(`${text} `) })).toBe(
      'signature_mismatch',
    );
  });
});
