import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sendRaw, startReceiver, statusOf } from './start-receiver.ts';

const secrets = { S: 'k', W: `whsec_${Buffer.from('k').toString('base64')}` };
const body = '{"event":"a"}';
const signature = `X-Signature: ${createHmac('sha256', 'k').update(body).digest('hex')}\r\n`;
const signed = {
  slug: 'signed',
  preset: 'generic',
  verify: { scheme: 'hmac', header: 'x-signature', secret: { env: 'S' } },
};
const open = { slug: 'open', preset: 'generic' };
const listed = { slug: 'listed', preset: 'icfm', verify: { scheme: 'url-token', allowFrom: ['127.0.0.1'] } };

const to = (slug: string, host: string, headers = '', method = 'POST'): string =>
  `${method} /in/${slug} HTTP/1.1\r\nHost: ${host}\r\n${headers}Connection: close\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

const hosts = ['abc.ngrok-free.app', 'signalbox:8787', 'mypc.fritz.box', 'HOOKS.example.com:443'];

describe('the host of a request', () => {
  test.each(hosts)('%s does not matter to a source that verifies', async (host) => {
    const { port, accepted, refused } = await startReceiver({ sources: [signed], secrets });
    expect(statusOf(await sendRaw(port, to('signed', host, signature)))).toBe(202);
    expect(accepted).toHaveLength(1);
    expect(statusOf(await sendRaw(port, to('signed', host)))).toBe(401);
    expect(refused).toMatchObject([{ code: 'signature_missing' }]);
  });

  test.each([open, listed])(
    'matters to a source without proof ($slug), and the refused delivery is kept',
    async (source) => {
      const { port, accepted, refused } = await startReceiver({ sources: [source], secrets });
      for (const host of hosts)
        expect([host, statusOf(await sendRaw(port, to(source.slug, host)))]).toEqual([host, 421]);
      expect(accepted).toEqual([]);
      expect(refused).toHaveLength(hosts.length);
      expect(refused[0]).toMatchObject({ code: 'unknown_host', delivery: { source: source.slug } });
      expect(refused[0]?.message).toContain('"abc.ngrok-free.app"');
      expect(refused[0]?.message).toContain('acceptedHosts');
      expect(refused[0]?.delivery.body.toString()).toBe(body);
    },
  );

  test('is taken once it is among the accepted hosts, whatever its port and capitals', async () => {
    let acceptedHosts: string[] = [];
    const { port } = await startReceiver({ sources: [open], settings: () => ({ acceptedHosts }) });
    expect(statusOf(await sendRaw(port, to('open', 'abc.ngrok-free.app')))).toBe(421);
    acceptedHosts = ['abc.ngrok-free.app'];
    expect(statusOf(await sendRaw(port, to('open', 'ABC.ngrok-free.app:443')))).toBe(202);
    expect(statusOf(await sendRaw(port, to('open', 'other.ngrok-free.app')))).toBe(421);
  });

  test('that is none is wrong for every source', async () => {
    const { port, refused } = await startReceiver({ sources: [signed, open], secrets });
    expect(statusOf(await sendRaw(port, to('signed', 'a b', signature)))).toBe(400);
    expect(statusOf(await sendRaw(port, to('open', 'a b')))).toBe(400);
    expect(refused.map(({ code }) => code)).toEqual(['bad_host', 'bad_host']);
  });

  test('lets nobody find out more by a handshake with a source without proof', async () => {
    const ask = (slug: string): string =>
      `OPTIONS /in/${slug} HTTP/1.1\r\nHost: evil.example\r\nWebHook-Request-Origin: a.example\r\nConnection: close\r\n\r\n`;
    const { port } = await startReceiver({
      sources: [
        { slug: 'open', preset: 'cloudevents', verify: { scheme: 'none' } },
        { slug: 'signed', preset: 'cloudevents', verify: { scheme: 'token', secret: { env: 'S' } } },
      ],
      secrets,
    });
    expect(statusOf(await sendRaw(port, ask('open')))).toBe(421);
    expect(statusOf(await sendRaw(port, ask('signed')))).toBe(200);
  });

  test('of a page in a browser that rebinds its name gets nothing past a source without proof', async () => {
    const { port, accepted } = await startReceiver({ sources: [open] });
    const page = 'User-Agent: Mozilla/5.0 Firefox/141.0\r\nOrigin: http://evil.example:8787\r\n';
    expect(statusOf(await sendRaw(port, to('open', 'evil.example:8787', page)))).toBe(421);
    expect(statusOf(await sendRaw(port, to('open', 'localhost', page)))).toBe(403);
    expect(accepted).toEqual([]);
  });
});
