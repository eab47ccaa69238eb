import { describe, expect, it } from 'vitest';
import { requestProblem } from '../../electron/destinations/request-problem.ts';
import type { HttpJobSpec } from '../../shared/contract/jobs.ts';
import { defined, openRunner } from '../jobs/open-runner.ts';
import { receivingServer } from './receiving-server.ts';

const httpJob = (slug: string, url: string, more: Partial<HttpJobSpec> = {}) =>
  defined({ slug, kind: 'http', url, allowPrivate: true, retries: 'none', ...more });

const keyed = { headers: { 'X-Key': '{secret:KEY}' }, secrets: { KEY: { secret: 'key' } } };
const secrets = { key: 'hunter22' };

describe('headers of a request', () => {
  it('with a secret stay at the address that was named when it redirects', async () => {
    const other = await receivingServer();
    const server = await receivingServer((_request, response) => {
      response.writeHead(307, { location: other.url });
      response.end();
    });
    const app = openRunner([httpJob('erp', server.url, { ...keyed, redirects: 1 })], { secrets });
    await app.runner.start();
    expect(await app.ended(await app.post('erp'))).toMatchObject({ state: 'completed' });
    expect(server.received[0]?.headers['x-key']).toBe('hunter22');
    expect(other.received[0]?.headers).not.toHaveProperty('x-key');
    expect(other.received[0]?.headers).toHaveProperty('webhook-id');
  });

  it('say which one cannot be sent, and do not count against the host', async () => {
    const server = await receivingServer();
    const app = openRunner([httpJob('erp', server.url, { ...keyed })], { secrets: { key: 'one\r\nX-Evil: two' } });
    await app.runner.start();
    const row = await app.ended(await app.post('erp'));
    expect(row).toMatchObject({ state: 'failed', reason: 'spawn', error: expect.stringContaining('X-Key') });
    expect(row.error).not.toContain('X-Evil');
    expect(server.received).toEqual([]);
  });

  it('name another host where the job says so, once', async () => {
    const server = await receivingServer();
    const app = openRunner([httpJob('erp', server.url, { headers: { host: 'tenant.example' } })]);
    await app.runner.start();
    expect(await app.ended(await app.post('erp'))).toMatchObject({ state: 'completed' });
    const names = server.received[0]?.rawHeaders.filter((_one, index) => index % 2 === 0) ?? [];
    expect(names.filter((name) => name.toLowerCase() === 'host')).toHaveLength(1);
    expect(server.received[0]?.headers.host).toBe('tenant.example');
  });

  it.each(['Content-Length', 'transfer-encoding', 'Connection', 'Upgrade', 'Expect', 'TE', 'Trailer', 'Keep-Alive'])(
    'cannot be those of the connection: %s',
    (name) => {
      const spec: HttpJobSpec = {
        slug: 'erp',
        kind: 'http',
        url: 'https://erp.example.com/',
        headers: { [name]: '1' },
      };
      expect(requestProblem(spec)).toContain(name);
      expect(requestProblem({ ...spec, headers: { 'X-Other': '1' } })).toBe(null);
    },
  );
});

it('masks tokens that were issued for a request in what is answered', async () => {
  const server = await receivingServer((request, response) => {
    if (request.url === '/token') response.end('{"access_token":"issued-token-1","expires_in":3600}');
    else response.end(`you sent ${String(request.headers.authorization)}`);
  });
  const sign = {
    scheme: 'oauth2',
    tokenUrl: server.url.replace('/hook', '/token'),
    clientId: 'box',
    clientSecret: { secret: 'key' },
  } as const;
  const app = openRunner([httpJob('erp', server.url, { sign })], { secrets });
  await app.runner.start();
  const row = await app.ended(await app.post('erp'));
  expect(row.outcome).toContain('you sent Bearer ***');
  expect(row.outcome).not.toContain('issued-token');
});
