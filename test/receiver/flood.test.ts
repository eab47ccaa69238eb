import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { postJson, sendRaw, startReceiver, statusOf } from './start-receiver.ts';

const secrets = { S: 'k' };
const github = { slug: 'gh', preset: 'github', verify: { secret: { env: 'S' } } };
const body = '{"zen":"x"}';
const event = { 'x-github-event': 'ping' };
const signed = { ...event, 'x-hub-signature-256': `sha256=${createHmac('sha256', 'k').update(body).digest('hex')}` };
const forged = { ...event, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };

/** So many at a time over kept connections, as a sender in a hurry does. */
async function postMany(url: string, count: number, headers: Record<string, string>): Promise<Map<number, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  onTestFinished(() => agent.destroy());
  const statuses = new Map<number, number>();
  const post = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const req = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } });
      req.on('response', (res) => {
        statuses.set(res.statusCode ?? 0, (statuses.get(res.statusCode ?? 0) ?? 0) + 1);
        res.resume();
        res.on('end', resolve);
      });
      req.on('error', reject);
      req.end(body);
    });
  await Promise.all(Array.from({ length: count }, post));
  return statuses;
}

describe('a burst', () => {
  test.each(['github', 'gitlab', 'deck', 'generic', 'cloudevents'])(
    'of 600 deliveries to a source of the preset %s is accepted whole',
    async (preset) => {
      const { url } = await startReceiver({ sources: [{ slug: 'src', preset, verify: { scheme: 'none' } }] });
      const headers = {
        ...event,
        'x-gitlab-event': 'Push Hook',
        'ce-specversion': '1.0',
        'ce-id': '1',
        'ce-source': '/a',
        'ce-type': 'a',
      };
      const statuses = await postMany(`${url}/in/src`, 600, headers);
      expect([statuses.get(200) ?? 0, statuses.get(202) ?? 0].sort((a, b) => a - b)).toEqual([0, 600]);
    },
  );
});

describe('a flood of requests that fail verification', () => {
  test('spends nothing of the rate that verified deliveries have', async () => {
    const { url } = await startReceiver({
      sources: [{ ...github, rateLimit: { perSecond: 0.1, burst: 20 } }],
      secrets,
    });
    expect([...(await postMany(`${url}/in/gh`, 300, event))]).toEqual([[401, 300]]);
    expect([...(await postMany(`${url}/in/gh`, 300, forged))]).toEqual([[401, 300]]);
    for (let i = 0; i < 20; i++) expect((await postJson(`${url}/in/gh`, body, signed)).status).toBe(202);
    expect((await postJson(`${url}/in/gh`, body, signed)).status).toBe(429);
  });

  test('is refused by its headers alone once there are many, and signed deliveries are not', async () => {
    const { url, refused } = await startReceiver({
      sources: [github],
      secrets,
      limits: { failedVerifications: { perSecond: 0.001, burst: 3 } },
    });
    for (let i = 0; i < 5; i++) expect((await postJson(`${url}/in/gh`, body, event)).status).toBe(401);
    expect(refused.map(({ code, delivery }) => [code, delivery.body.length])).toEqual([
      ...Array.from({ length: 3 }, () => ['signature_missing', body.length]),
      ...Array.from({ length: 2 }, () => ['signature_missing', 0]),
    ]);
    expect((await postJson(`${url}/in/gh`, body, signed)).status).toBe(202);
    expect((await postJson(`${url}/in/gh`, body, forged)).status).toBe(401);
    expect(refused.at(-1)).toMatchObject({ code: 'signature_mismatch' });
    expect(refused.at(-1)?.delivery.body.toString()).toBe(body);
  });

  test('does not read on where a token is wrong', async () => {
    const { port, refused } = await startReceiver({
      sources: [{ slug: 'crm', preset: 'generic', verify: { scheme: 'token', secret: { env: 'S' } } }],
      secrets,
      limits: { failedVerifications: { perSecond: 0.001, burst: 1 } },
    });
    const wrong =
      'POST /in/crm HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\nConnection: close\r\nContent-Length: ';
    expect(statusOf(await sendRaw(port, `${wrong}2\r\n\r\n{}`))).toBe(401);
    // Answered although the body never comes.
    expect(statusOf(await sendRaw(port, `${wrong}200000\r\n\r\n`))).toBe(401);
    expect(refused).toHaveLength(2);
  });
});

describe('what is kept for known senders', () => {
  const behindProxy = { trustedProxies: ['127.0.0.0/8'] };
  const from = (address: string) => ({ 'x-forwarded-for': address });

  test('of the memory for bodies cannot be used up by strangers', async () => {
    const { url, port } = await startReceiver({
      sources: [github],
      secrets,
      settings: () => behindProxy,
      limits: { maxBytesInFlight: 3000, maxStrangerBytesInFlight: 1000 },
    });
    const known = from('192.0.2.1');
    expect((await postJson(`${url}/in/gh`, body, { ...signed, ...known })).status).toBe(202);
    const slow = request({
      port,
      path: '/in/gh',
      method: 'POST',
      headers: { ...event, ...from('203.0.113.9'), 'content-length': 995 },
    });
    slow.on('error', () => undefined);
    onTestFinished(() => void slow.destroy());
    slow.write('x'.repeat(990));
    const stranger = from('203.0.113.10');
    await eventually(async () => {
      expect((await postJson(`${url}/in/gh`, 'y'.repeat(100), { ...event, ...stranger })).status).toBe(503);
    });
    expect((await postJson(`${url}/in/gh`, body, { ...signed, ...known })).status).toBe(202);
  });

  test.skipIf(process.platform !== 'linux')('of the connections cannot be used up by strangers', async () => {
    let refusedConnections = 0;
    const { port } = await startReceiver({
      sources: [github],
      secrets,
      limits: { maxConnections: 6, maxStrangerConnections: 3 },
      onConnectionRefused: () => refusedConnections++,
    });
    const open = (localAddress: string): Promise<Socket> =>
      new Promise((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', localAddress });
        onTestFinished(() => void socket.destroy());
        socket.on('error', reject);
        socket.once('connect', () => resolve(socket));
      });
    const deliver = async (localAddress: string): Promise<string> => {
      const socket = await open(localAddress);
      const { 'x-hub-signature-256': signature } = signed;
      socket.write(
        'POST /in/gh HTTP/1.1\r\nHost: localhost\r\nX-GitHub-Event: ping\r\nConnection: close\r\n' +
          `X-Hub-Signature-256: ${signature}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      let text = '';
      for await (const chunk of socket) text += String(chunk);
      return text;
    };
    expect(statusOf(await deliver('127.0.0.7'))).toBe(202);
    await Promise.all(Array.from({ length: 3 }, () => open('127.0.0.8')));
    expect(await deliver('127.0.0.8').catch(() => '')).toBe('');
    await eventually(() => expect(refusedConnections).toBe(1));
    expect(statusOf(await deliver('127.0.0.7'))).toBe(202);
  });

  test('of the queue for the disk cannot be used up by a source that anyone can post to', async () => {
    let waiting = 10_000;
    const { url } = await startReceiver({
      sources: [github, { slug: 'open', preset: 'generic' }],
      secrets,
      pressure: () => ({ waiting, bytes: 0 }),
    });
    expect((await postJson(`${url}/in/open`, body)).status).toBe(503);
    expect((await postJson(`${url}/in/gh`, body, signed)).status).toBe(202);
    waiting = 12_500;
    expect((await postJson(`${url}/in/gh`, body, signed)).status).toBe(503);
  });
});
