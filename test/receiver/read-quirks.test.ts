import { describe, expect, test } from 'vitest';
import { postJson, sendRaw, startReceiver, statusOf } from './start-receiver.ts';

const post = (slug: string, headers: string, body: string): string =>
  `POST /in/${slug} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;

const sources = [
  { slug: 'gh', preset: 'github', verify: { scheme: 'none' } },
  { slug: 'crm', preset: 'generic' },
];

describe('a header on two lines', () => {
  test.each([
    ['equal, on two lines', 'X-GitHub-Event: push\r\nX-GitHub-Event: push\r\n'],
    ['equal, joined on the way', 'X-GitHub-Event: push, push\r\n'],
  ])('counts once: %s', async (_how, headers) => {
    const { port, accepted } = await startReceiver({ sources });
    expect(statusOf(await sendRaw(port, post('gh', headers, '{}')))).toBe(202);
    expect(accepted[0]?.events[0]?.type).toBe('push');
    expect(accepted[0]?.delivery.notes ?? []).toEqual([]);
  });

  test('counts with its first value where they differ, and is noted', async () => {
    const { port, accepted } = await startReceiver({ sources });
    const headers = 'X-GitHub-Event: push\r\nX-GitHub-Event: ping\r\n';
    expect(statusOf(await sendRaw(port, post('gh', headers, '{}')))).toBe(202);
    expect(accepted[0]?.events[0]?.type).toBe('push');
    expect(accepted[0]?.delivery.notes).toMatchObject([{ code: 'header_repeated' }]);
  });

  test.each([
    'Content-Type: application/x-www-form-urlencoded\r\nContent-Type: application/x-www-form-urlencoded\r\n',
    'Content-Type: application/x-www-form-urlencoded, application/x-www-form-urlencoded\r\n',
    'Content-Type: application/x-www-form-urlencoded, text/plain\r\n',
  ])('leaves a form a form: %j', async (headers) => {
    const { port, accepted } = await startReceiver({ sources });
    expect(statusOf(await sendRaw(port, post('crm', headers, 'event=a&n=1')))).toBe(202);
    expect(accepted[0]?.events[0]).toMatchObject({ type: 'a', payload: { event: 'a', n: '1' } });
    expect(accepted[0]?.delivery.contentType).toBe('application/x-www-form-urlencoded');
  });
});

test('a body of white space is an empty one, and says so where that will not do', async () => {
  const { url, accepted, refused } = await startReceiver({ sources });
  expect((await postJson(`${url}/in/crm`, ' \n')).status).toBe(202);
  expect(accepted[0]?.delivery.notes).toMatchObject([{ code: 'body_blank' }]);
  expect((await postJson(`${url}/in/gh`, ' \n', { 'x-github-event': 'push' })).status).toBe(422);
  expect(refused[0]).toMatchObject({ code: 'empty_body' });
  expect(refused[0]?.delivery.body.toString()).toBe(' \n');
});

test('a header in raw UTF-8 is listed and read as it was meant, and one in Latin-1 too', async () => {
  const { port, accepted } = await startReceiver({
    sources: [{ slug: 'crm', preset: 'generic', event: { type: { header: 'x-kind' } } }],
  });
  for (const encoding of ['utf8', 'latin1'] as const) {
    const request = Buffer.from(post('crm', 'X-Kind: größer\r\nX-Name: Müller\r\n', '{}'), encoding);
    expect(statusOf(await sendRaw(port, request))).toBe(202);
  }
  expect(accepted.map(({ events }) => events[0]?.type)).toEqual(['größer', 'größer']);
  for (const { delivery } of accepted) expect(delivery.headers).toContainEqual(['x-name', 'Müller']);
});

test('a vendor’s list has at most 5,000 events, and one with more is refused as a whole', async () => {
  const { url, accepted, refused } = await startReceiver({
    sources: [{ slug: 'mail', preset: 'cloudevents', verify: { scheme: 'none' } }],
  });
  const batch = (count: number): string =>
    JSON.stringify(
      Array.from({ length: count }, (_, n) => ({ specversion: '1.0', id: String(n), source: '/mail', type: 'sent' })),
    );
  const headers = { 'content-type': 'application/cloudevents-batch+json' };
  expect((await postJson(`${url}/in/mail`, batch(5000), headers)).status).toBeLessThan(300);
  expect(accepted[0]?.events).toHaveLength(5000);
  expect((await postJson(`${url}/in/mail`, batch(5001), headers)).status).toBe(422);
  expect(refused[0]).toMatchObject({
    code: 'too_many_events',
    message: 'the body holds 5001 events, more than the 5000 that one delivery may have',
  });
});
