import type { LookupFunction } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ConnectionOptions, openConnections, sendRequest } from '../../electron/outgoing/http-request.ts';
import { createLookup, literalOf, refuseAddress } from '../../electron/outgoing/outgoing-address.ts';
import { receivingServer } from '../destinations/receiving-server.ts';

/** Hosts that lead into this machine, this network, or nowhere a request should go, in every way they can be written. */
const inside = [
  ['loopback', '127.0.0.1'],
  ['loopback in decimal', '2130706433'],
  ['loopback in octal', '0177.0.0.1'],
  ['loopback in hexadecimal', '0x7f.0x0.0x0.0x1'],
  ['loopback cut short', '127.1'],
  ['loopback with a trailing dot', '127.0.0.1.'],
  ['loopback in circled digits', '①②⑦.⓪.⓪.①'],
  ['loopback, IPv6', '[::1]'],
  ['loopback, IPv6 in full', '[0:0:0:0:0:0:0:1]'],
  ['loopback mapped into IPv6', '[::ffff:127.0.0.1]'],
  ['private class A', '10.1.2.3'],
  ['private class B', '172.16.0.1'],
  ['private class C', '192.168.1.1'],
  ['private mapped into IPv6', '[::ffff:a01:203]'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['unique local', '[fd12:3456::1]'],
] as const;

/** Those that no setting opens. */
const never = [
  ['unspecified', '0.0.0.0'],
  ['unspecified in decimal', '0'],
  ['unspecified, IPv6', '[::]'],
  ['metadata, AWS and others', '169.254.169.254'],
  ['metadata in decimal', '2852039166'],
  ['metadata in octal', '0251.0376.0251.0376'],
  ['metadata mapped into IPv6', '[::ffff:169.254.169.254]'],
  ['metadata, AWS over IPv6', '[fd00:ec2::254]'],
  ['metadata, Alibaba', '100.100.100.200'],
  ['metadata, Azure', '168.63.129.16'],
  ['metadata, Oracle', '192.0.0.192'],
  ['link-local', '169.254.1.1'],
  ['link-local, IPv6', '[fe80::1]'],
  ['site-local, IPv6', '[fec0::1]'],
  ['loopback compatible with IPv6', '[::127.0.0.1]'],
  ['metadata compatible with IPv6', '[::169.254.169.254]'],
  ['loopback through NAT64', '[64:ff9b::7f00:1]'],
  ['metadata through NAT64', '[64:ff9b::a9fe:a9fe]'],
  ['metadata through local NAT64', '[64:ff9b:1::a9fe:a9fe]'],
  ['loopback through 6to4', '[2002:7f00:1::]'],
  ['loopback through Teredo', '[2001:0:7f00:1::]'],
  ['loopback translated', '[::ffff:0:7f00:1]'],
  ['broadcast', '255.255.255.255'],
  ['multicast', '224.0.0.1'],
  ['multicast, IPv6', '[ff02::1]'],
  ['reserved', '240.0.0.1'],
  ['benchmarks', '198.18.0.1'],
  ['documentation, IPv6', '[2001:db8::1]'],
  ['discard, IPv6', '[100::1]'],
  ['outside of what is routed, IPv6', '[4000::1]'],
] as const;

const connect = (options: Partial<ConnectionOptions> = {}) => {
  const connections = openConnections({ reach: 'public', maxSockets: 4, ...options });
  onTestFinished(() => connections.close());
  return connections;
};

const request = (url: string, redirects = 0) => ({
  url: new URL(url),
  method: 'POST',
  headers: [['Authorization', 'Bearer secret']] as const,
  body: Buffer.from('{}'),
  redirects,
  maxBytes: 1000,
  signal: AbortSignal.timeout(60_000),
});

describe('addresses written in figures', () => {
  it.each([...inside, ...never])('never reaches %s: %s', async (_what, host) => {
    await expect(sendRequest(connect(), request(`https://${host}/`))).rejects.toThrow(/is no public address|reserved/);
  });

  it.each(never)('does not reach %s with allowPrivate either: %s', async (_what, host) => {
    await expect(sendRequest(connect({ reach: 'private' }), request(`https://${host}/`))).rejects.toThrow('reserved');
  });

  it.each(inside)('may reach %s with allowPrivate: %s', (_what, host) => {
    const literal = literalOf(new URL(`https://${host}/`).hostname);
    expect(literal === null ? 'a name' : refuseAddress(literal, 'private')).toBeNull();
  });

  it('may reach the internet', () => {
    for (const address of ['1.1.1.1', '2606:4700::1111']) expect(refuseAddress(address, 'public')).toBeNull();
  });
});

describe('names', () => {
  it.each(['localhost', 'localhost.', 'LOCALHOST'])('never reaches this machine as %s', async (host) => {
    await expect(sendRequest(connect(), request(`https://${host}/`))).rejects.toThrow(/is no public address|ENOTFOUND/);
  });

  it('judges every address that a name leads to, each time it is looked up', async () => {
    const answers = [['93.184.216.34'], ['93.184.216.34', '10.0.0.1'], ['169.254.169.254'], ['::ffff:127.0.0.1']];
    const lookup = createLookup('public', (_host, _options, done) => {
      const found = answers.shift() ?? [];
      done(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    });
    const ask = (): Promise<string> =>
      new Promise((resolve) =>
        lookup('rebind.example', { all: false }, (error, address) => resolve(error?.message ?? String(address))),
      );
    expect(await ask()).toBe('93.184.216.34');
    expect(await ask()).toContain('resolves to 10.0.0.1, which is no public address');
    expect(await ask()).toContain('resolves to 169.254.169.254');
    expect(await ask()).toContain('resolves to ::ffff:127.0.0.1');
  });

  it('hangs up on an address that a look-up should not have given', async () => {
    const server = await receivingServer();
    const lookup: LookupFunction = (_host, options, done) => {
      if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }]);
      else done(null, '127.0.0.1', 4);
    };
    const url = `https://rebind.example:${server.port}/`;
    await expect(sendRequest(connect({ lookup }), request(url))).rejects.toThrow('127.0.0.1 is no public address');
    expect(server.received).toEqual([]);
  });
});

describe('redirects and plain http', () => {
  it('follows none unless they are allowed', async () => {
    const server = await receivingServer((_request, response) => {
      response.writeHead(307, { location: '/other' });
      response.end();
    });
    const answer = await sendRequest(connect({ reach: 'private' }), request(server.url));
    expect(answer.status).toBe(307);
    expect(server.received).toHaveLength(1);
  });

  it('judges the address of a redirect like any other', async () => {
    const server = await receivingServer((_request, response) => {
      response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' });
      response.end();
    });
    const sent = sendRequest(connect({ reach: 'private' }), request(server.url, 3));
    await expect(sent).rejects.toThrow('169.254.169.254 is a reserved address');
  });

  it('keeps method and body, and shows another address nothing that proves who sends', async () => {
    const other = await receivingServer();
    const server = await receivingServer((_request, response) => {
      response.writeHead(308, { location: other.url });
      response.end();
    });
    const answer = await sendRequest(connect({ reach: 'private' }), request(server.url, 1));
    expect(answer).toMatchObject({ status: 204, url: other.url });
    expect(other.received[0]).toMatchObject({ method: 'POST', text: '{}' });
    expect(server.received[0]?.headers.authorization).toBe('Bearer secret');
    expect(other.received[0]?.headers.authorization).toBeUndefined();
  });

  it('stops after as many as are allowed', async () => {
    const server = await receivingServer((_request, response) => {
      response.writeHead(302, { location: '/hook' });
      response.end();
    });
    expect((await sendRequest(connect({ reach: 'private' }), request(server.url, 2))).status).toBe(302);
    expect(server.received).toHaveLength(3);
  });

  it('sends plain http inside the network alone', async () => {
    await expect(sendRequest(connect(), request('http://hooks.example.com/'))).rejects.toThrow('only https leaves');
  });
});
