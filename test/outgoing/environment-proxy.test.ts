import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { proxyOf, refuseBehindProxy } from '../../electron/outgoing/environment-proxy.ts';
import { guardedGet } from '../../electron/outgoing/guarded-get.ts';
import { type ConnectionOptions, openConnections, sendRequest } from '../../electron/outgoing/http-request.ts';
import { receivingServer } from '../destinations/receiving-server.ts';
import { defined, openRunner } from '../jobs/open-runner.ts';
import { selfSigned } from '../sources/self-signed.ts';
import { proxyProcess } from './proxy-process.ts';

/** A name that leads nowhere here: only the proxy knows it. */
const name = 'erp.invalid';

function environment(variables: Record<string, string>): void {
  for (const variable of [
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'no_proxy',
    'all_proxy',
  ]) {
    vi.stubEnv(variable, variables[variable]);
  }
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** A server that only a proxy leads to. */
async function behindProxy(answer?: Parameters<typeof receivingServer>[0]) {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ca = selfSigned(keys, name);
  const key = String(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const server = await receivingServer(answer, { key, cert: ca });
  return { server, ca };
}

function send(url: string, options: Partial<ConnectionOptions> = {}) {
  const connections = openConnections({ reach: 'public', maxSockets: 4, ...options });
  onTestFinished(() => connections.close());
  const request = { method: 'POST', headers: [], body: Buffer.from('{}'), redirects: 1, maxBytes: 1024 };
  return () => sendRequest(connections, { ...request, url: new URL(url), signal: AbortSignal.timeout(60_000) });
}

describe('a request where the environment names a proxy', () => {
  it('goes through the proxy, encrypted to the end, on connections that stay open', async () => {
    const { server, ca } = await behindProxy();
    const proxy = await proxyProcess({ leadsTo: server.port });
    environment({ HTTPS_PROXY: proxy.url.replace('//', '//box:hunter2@') });
    const again = send(`https://${name}/hook`, { ca });
    const answer = await again();
    expect(answer).toMatchObject({ status: 204, timing: { connectMs: expect.any(Number), dnsMs: null } });
    expect(await again()).toMatchObject({ status: 204, timing: { connectMs: null } });
    expect(server.received.map(({ headers }) => headers.host)).toEqual([name, name]);
    expect(server.received[0]?.headers).not.toHaveProperty('proxy-authorization');
    const authorization = `Basic ${Buffer.from('box:hunter2').toString('base64')}`;
    expect(proxy.connected).toEqual([{ to: `${name}:443`, authorization }]);
    // A certificate of nobody known is no better behind a proxy.
    await expect(send(`https://${name}/hook`)()).rejects.toThrow(/self-signed|self signed/);
  });

  it('goes without it to this machine and to what NO_PROXY names', async () => {
    const server = await receivingServer();
    environment({
      HTTP_PROXY: 'http://127.0.0.1:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '.internal,db.example:8443',
    });
    expect(await send(server.url, { reach: 'private' })()).toMatchObject({ status: 204 });
    expect(proxyOf(new URL('https://a.internal/'))).toBeNull();
    expect(proxyOf(new URL('https://db.example:8443/'))).toBeNull();
    for (const host of ['localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]'])
      expect(proxyOf(new URL(`https://${host}:8443/`))).toBeNull();
    expect(proxyOf(new URL('https://db.example/'))?.host).toBe('127.0.0.1:9');
  });

  it('may lead where a request may go and nowhere else, redirects included', async () => {
    const { server, ca } = await behindProxy((_request, response) => {
      response.writeHead(307, { location: 'https://169.254.169.254/latest/meta-data' });
      response.end();
    });
    const proxy = await proxyProcess({ leadsTo: server.port });
    environment({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url });
    await expect(send('https://10.1.2.3/')()).rejects.toThrow('10.1.2.3 is no public address');
    await expect(send('https://169.254.169.254/', { reach: 'private' })()).rejects.toThrow('never allowed');
    await expect(send(`http://${name}/`)()).rejects.toThrow('only https leaves this network');
    expect(proxy.connected).toEqual([]);
    await expect(send(`https://${name}/`, { ca })()).rejects.toThrow('169.254.169.254');
    expect(proxy.connected).toEqual([{ to: `${name}:443`, authorization: null }]);

    const url = new URL('https://intranet.example/');
    const leading = (address: string) => async () => [{ address: '93.184.216.34' }, { address }];
    await expect(refuseBehindProxy(url, 'public', leading('10.0.0.7'))).rejects.toThrow(
      'intranet.example resolves to 10.0.0.7, which is no public address',
    );
    await refuseBehindProxy(url, 'private', leading('10.0.0.7'));
    await expect(refuseBehindProxy(url, 'private', leading('169.254.169.254'))).rejects.toThrow('never allowed');
  });

  it('fails with what the proxy answers, which is no answer of the destination', async () => {
    const proxy = await proxyProcess({ status: 410 });
    environment({ HTTPS_PROXY: proxy.url });
    const app = openRunner([defined({ slug: 'erp', kind: 'http', url: `https://${name}/`, retries: 'none' })]);
    await app.runner.start();
    expect(await app.ended(await app.post('erp'))).toMatchObject({
      reason: 'connection',
      error: `${name}: the proxy ${proxy.host} refused the connection: it answered 410`,
    });
    expect(app.destinations.standing('erp').state).toBe('active');
  });

  it('is not sent by a proxy of another kind, and names no password', async () => {
    environment({ HTTPS_PROXY: 'socks5://box:hunter2@127.0.0.1:1080' });
    await expect(send(`https://${name}/`)()).rejects.toThrow(
      /^HTTPS_PROXY is not an address that starts with http:\/\/ or https:\/\/$/,
    );
  });

  it('goes through it for keys and confirmations of sources too', async () => {
    const { server, ca } = await behindProxy((_request, response) => response.end('{"keys":[]}'));
    const proxy = await proxyProcess({ leadsTo: server.port });
    environment({ HTTPS_PROXY: proxy.url });
    const options = { maxBytes: 1024, timeoutMs: 60_000, connectTimeoutMs: 60_000, ca };
    expect(String(await guardedGet(new URL(`https://${name}/jwks`), options))).toBe('{"keys":[]}');
    expect(proxy.connected).toEqual([{ to: `${name}:443`, authorization: null }]);
    const refusing = await proxyProcess({ status: 403 });
    environment({ HTTPS_PROXY: refusing.url });
    await expect(guardedGet(new URL(`https://${name}/jwks`), options)).rejects.toMatchObject({
      code: 'unavailable',
      message: `${name}: the proxy ${refusing.host} refused the connection: it answered 403`,
    });
  });
});
