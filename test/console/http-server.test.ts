import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { contentSecurityPolicyText } from '../../electron/console/http/content-security-policy.ts';
import { createPushHub } from '../../electron/console/push/push-hub.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { eventually } from '../support/eventually.ts';
import { openConsoleServer, openFeed, token } from './console-server.ts';
import { fakeClock } from './fake-clock.ts';
import { sampleStatus } from './samples.ts';

const doors: { server: { close(): Promise<void> } }[] = [];

async function open(...args: Parameters<typeof openConsoleServer>) {
  const door = await openConsoleServer(...args);
  doors.push(door);
  return door;
}

const status = { 'app.status': () => sampleStatus };

afterEach(async () => {
  await Promise.all(doors.splice(0).map(({ server }) => server.close()));
});

describe('who may call', () => {
  it('answers a call with the token as bearer', async () => {
    const { call } = await open(status);
    const answer = await call('app.status', {});
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({ ok: true, value: sampleStatus });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    ['nothing', {}],
    ['a wrong token', { Authorization: `Bearer ${'x'.repeat(43)}` }],
    ['a token of another length', { Authorization: 'Bearer x' }],
    ['another scheme', { Authorization: `Basic ${token}` }],
    ['an unknown session', { Cookie: `signalbox=${'x'.repeat(43)}` }],
  ])('refuses %s, also on loopback', async (_what, headers) => {
    const { call, port, ask, server } = await open(status);
    const own = { Origin: server.url };
    expect((await call('app.status', {}, { ...own, ...headers })).status).toBe(401);
    const cookie = 'Cookie' in headers ? { Cookie: headers.Cookie.replace('=', `-${port}=`) } : headers;
    for (const path of ['/api/openapi.json', '/metrics', '/api/push']) {
      const answer = await ask('GET', path, { ...own, ...cookie });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    }
  });

  it('signs a browser in with the token and out again, which also ends its push stream', async () => {
    const { call, ask, port, signIn, server } = await open(status);
    const browser = await signIn();
    expect((await call('app.status', {}, browser)).status).toBe(200);
    const feed = await openFeed(port, browser);
    expect(feed.status).toBe(200);
    const out = await ask('DELETE', '/session', browser);
    expect(out.status).toBe(200);
    expect(out.headers['set-cookie']?.[0]).toMatch(new RegExp(`^signalbox-${server.port}=;`));
    await feed.ended;
    expect((await call('app.status', {}, browser)).status).toBe(401);
  });

  it('takes the token from the link, sets a strict cookie and sends the browser on without it', async () => {
    const { ask, call, port, server } = await open(status);
    const answer = await ask('GET', `/?token=${token}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    const cookie = answer.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(
      new RegExp(`^signalbox-${port}=[\\w-]{43}; Max-Age=2592000; Path=/; Expires=.*; HttpOnly; SameSite=Strict$`),
    );
    expect(cookie).not.toContain(token);
    const headers = { Cookie: cookie.split(';')[0] ?? '', Origin: server.url };
    expect((await call('app.status', {}, headers)).status).toBe(200);
    expect((await ask('GET', '/?token=wrong')).status).toBe(401);
    expect((await ask('GET', `/?token=${token}&token=${token}`)).status).toBe(401);
  });

  it('marks the cookie secure behind a trusted proxy that speaks https, and only then', async () => {
    const https = { 'X-Forwarded-Proto': 'https' };
    let settings = { consoleUrl: '', trustedProxies: [] as string[] };
    const { ask } = await open(status, { settings: () => settings });
    expect((await ask('GET', `/?token=${token}`, https)).headers['set-cookie']?.[0]).not.toContain('Secure');
    settings = { ...settings, trustedProxies: ['127.0.0.0/8'] };
    expect((await ask('GET', `/?token=${token}`, https)).headers['set-cookie']?.[0]).toContain('Secure');
  });

  it('signs in below the path of the console URL where a proxy shows it there, and at the root elsewhere', async () => {
    const settings = () => ({ consoleUrl: 'https://ops.example.com/signalbox', trustedProxies: [] });
    const { ask, server } = await open(status, { settings });
    const { publicUrl } = server.createSignInUrl();
    expect(publicUrl).toMatch(/^https:\/\/ops\.example\.com\/signalbox\/\?code=/);
    const proxied = await ask('GET', `/?token=${token}`, { Host: 'ops.example.com' });
    expect(proxied.headers.location).toBe('/signalbox/');
    expect(proxied.headers['set-cookie']?.[0]).toContain('; Path=/signalbox/;');
    const direct = await ask('GET', `/?token=${token}`);
    expect(direct.headers.location).toBe('/');
    expect(direct.headers['set-cookie']?.[0]).toContain('; Path=/;');
  });

  it('takes the right token at any time, however many wrong ones have come from its address', async () => {
    const { ask, call, signIn, server, lines } = await open(status);
    const browser = await signIn();
    const tryToken = (tried: string) =>
      ask('POST', '/session', { Origin: server.url, 'Content-Type': 'application/json' }, `{"token":"${tried}"}`);
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await tryToken('wrong')).status).toBe(401);
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const held = await tryToken('wrong');
      expect(held.status).toBe(429);
      expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
      expect(JSON.parse(held.text)).toEqual({
        ok: false,
        error: {
          code: 'too_many_attempts',
          message: expect.stringContaining('The right token is accepted at any time'),
        },
      });
    }
    expect((await call('app.status', {}, { Authorization: `Bearer ${'x'.repeat(43)}` })).status).toBe(429);
    expect(lines.filter((line) => line.includes('refused'))).toHaveLength(11);
    expect((await call('app.status', {}, browser)).status).toBe(200);
    expect((await call('app.status', {})).status).toBe(200);
    expect((await ask('GET', `/?token=${token}`)).status).toBe(303);
    expect((await tryToken(token)).status).toBe(200);
  });

  const navigation = { 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'cross-site' };

  it.each([
    ['an image', { ...navigation, 'Sec-Fetch-Dest': 'image', 'Sec-Fetch-Mode': 'no-cors' }],
    ['a frame', { ...navigation, 'Sec-Fetch-Dest': 'iframe' }],
    ['a script’s request', { ...navigation, 'Sec-Fetch-Dest': 'empty', 'Sec-Fetch-Mode': 'cors' }],
    ['a prefetch', { ...navigation, 'Sec-Purpose': 'prefetch;prerender' }],
  ])('signs in by a page of its own, not by %s of another page, which counts as no attempt', async (_what, headers) => {
    const { ask, server, lines } = await open(status);
    const { url } = server.createSignInUrl();
    const code = url.slice(server.url.length);
    for (let attempt = 0; attempt < 20; attempt += 1) {
      expect((await ask('GET', '/?token=x', headers)).status).toBe(403);
      expect((await ask('GET', '/?code=x', headers)).status).toBe(403);
    }
    expect((await ask('GET', `/?token=${token}`, headers)).status).toBe(403);
    expect((await ask('GET', code, headers)).status).toBe(403);
    expect((await ask('HEAD', code)).status).toBe(403);
    expect(lines.join('')).not.toContain('refused');
    expect((await ask('GET', '/?token=x', navigation)).status).toBe(401);
    const answer = await ask('GET', code, navigation);
    expect(answer.status).toBe(303);
    expect(answer.headers['set-cookie']).toHaveLength(1);
  });

  it('signs one browser in by a printed address, which then opens nothing more', async () => {
    const { ask, call, server, lines } = await open(status);
    const { url, publicUrl, expiresAtMs } = server.createSignInUrl();
    expect(publicUrl).toBeNull();
    expect(url).not.toContain(token);
    expect(expiresAtMs - Date.now()).toBeLessThanOrEqual(600_000);
    const path = url.slice(server.url.length);
    const first = await ask('GET', path);
    expect([first.status, first.headers.location]).toEqual([303, '/']);
    const Cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await call('app.status', {}, { Cookie, Origin: server.url })).status).toBe(200);
    expect((await ask('GET', path, { Cookie })).headers.location).toBe('/');
    const second = await ask('GET', path);
    expect(second.status).toBe(401);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(JSON.parse(second.text).error.message).toContain('--sign-in');
    const inBrowser = await ask('GET', path, { Accept: 'text/html,*/*;q=0.8' });
    expect([inBrowser.status, inBrowser.headers.location]).toEqual([303, '/?expired']);
    expect(lines.join('')).not.toContain(path.slice('/?code='.length));
  });

  it('names the proxy in sign-in addresses once the settings do', async () => {
    let settings = { consoleUrl: '', trustedProxies: [] };
    const { ask, server } = await open({}, { settings: () => settings });
    settings = { ...settings, consoleUrl: 'https://console.example.com/' };
    const { url, publicUrl } = server.createSignInUrl();
    expect(publicUrl).toMatch(/^https:\/\/console\.example\.com\/\?code=/);
    expect(new URL(publicUrl ?? '').search).toBe(new URL(url).search);
    const answer = await ask('GET', new URL(url).pathname + new URL(url).search, { Host: 'console.example.com' });
    expect(answer.status).toBe(303);
  });

  it('reads no more than a token from those who are not signed in', async () => {
    const { ask, server } = await open();
    const headers = { Origin: server.url, 'Content-Type': 'application/json' };
    const answer = await ask('POST', '/session', headers, JSON.stringify({ token: 'x'.repeat(5000) }));
    expect(answer.status).toBe(413);
  });

  it('never writes the token or what was tried into the log', async () => {
    const { ask, signIn, lines } = await open(status);
    await signIn();
    await ask('GET', '/?token=mistyped-token');
    expect(lines.join('')).toContain('refused');
    expect(lines.join('')).not.toContain(token);
    expect(lines.join('')).not.toContain('mistyped-token');
  });
});

describe('where a request may come from', () => {
  it.each([
    ['another site', { Origin: 'http://evil.example' }],
    ['an opaque origin', { Origin: 'null' }],
    ['another port of this machine', { Origin: 'http://127.0.0.1:1' }],
    ['a name that only begins alike', { Origin: 'http://127.0.0.1:PORT.evil.example' }],
    ['another scheme', { Origin: 'ftp://127.0.0.1:PORT' }],
    ['nowhere', {}],
    ['a same-site page', { Origin: 'http://127.0.0.1:PORT', 'Sec-Fetch-Site': 'same-site' }],
    ['a cross-site page', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('refuses a session’s call, sign-out and push from %s', async (_what, origin: Record<string, string>) => {
    const { call, ask, port, signIn } = await open(status);
    const { Cookie = '' } = await signIn();
    const headers: Record<string, string> = { Cookie };
    for (const [name, value] of Object.entries(origin)) headers[name] = value.replace('PORT', String(port));
    expect((await call('app.status', {}, headers)).status).toBe(403);
    expect((await ask('DELETE', '/session', headers)).status).toBe(403);
    expect((await ask('GET', '/api/push', headers)).status).toBe(403);
    expect((await call('app.status', {}, { Cookie, Origin: `http://127.0.0.1:${port}` })).status).toBe(200);
  });

  it('refuses a foreign origin even with the token', async () => {
    const { call, bearer } = await open(status);
    expect((await call('app.status', {}, { ...bearer, Origin: 'http://evil.example' })).status).toBe(403);
  });

  it.each([
    ['Sec-Fetch-Site', { 'Sec-Fetch-Site': 'same-origin' }],
    ['the referring page', { Referer: 'http://127.0.0.1:PORT/live' }],
  ])('lets its own pages listen, which browsers show by %s', async (_what, shown: Record<string, string>) => {
    const { port, signIn } = await open();
    const { Cookie = '' } = await signIn();
    const headers: Record<string, string> = { Cookie };
    for (const [name, value] of Object.entries(shown)) headers[name] = value.replace('PORT', String(port));
    const feed = await openFeed(port, headers);
    expect(feed.status).toBe(200);
    feed.stop();
  });

  it.each([
    ['another name', 'evil.example', 421],
    ['the right name with another port', '127.0.0.1:1', 421],
    ['a name without a port', 'localhost', 421],
    ['a name that ends alike', 'evil-localhost:PORT', 421],
    ['localhost', 'localhost:PORT', 200],
    ['LOCALHOST', 'LOCALHOST:PORT', 200],
    ['the IPv6 loopback', '[::1]:PORT', 200],
    ['a public name', 'console.example.com', 200],
  ])('answers Host with %s by %s → %i', async (_what, host, expected) => {
    const settings = () => ({ consoleUrl: 'https://Console.example.com/', trustedProxies: [] });
    const { ask, port } = await open({}, { settings });
    expect((await ask('GET', '/healthz', { Host: host.replace('PORT', String(port)) })).status).toBe(expected);
  });

  it.each([
    ['two Host lines', 'GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil.example\r\n\r\n', '400'],
    ['no Host line', 'GET / HTTP/1.1\r\n\r\n', '400'],
    ['an empty Host line', 'GET / HTTP/1.1\r\nHost:\r\n\r\n', '421'],
    ['no Host line in HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', '400'],
    ['a whole address', 'GET http://127.0.0.1:PORT/ HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n', '400'],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n', '400'],
    [
      'two lengths',
      'POST /session HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n',
      '400',
    ],
    ['no HTTP at all', 'hello\r\n\r\n', '400'],
    ['101 headers', `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n${'X: y\r\n'.repeat(101)}\r\n`, '431'],
    [
      'headers beyond 16 KiB',
      `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX: ${'y'.repeat(17_000)}\r\n\r\n`,
      '431',
    ],
  ])('refuses %s with small JSON and goes on', async (_what, text, expected) => {
    const { raw, port, ask } = await open();
    const answer = await raw(text.replaceAll('PORT', String(port)));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${expected} `));
    if (!text.startsWith('GET / HTTP/1.1\r\n\r\n'))
      expect(answer).toMatch(/\r\n\r\n\{"error":\{"code":"\w+","message":"[^"]+"\}\}$/);
    expect((await ask('GET', '/healthz')).status).toBe(200);
  });
});

describe('calls', () => {
  it.each([
    ['not_found', 404],
    ['stale_version', 409],
    ['invalid_query', 400],
    ['unavailable', 503],
  ] as const)('gives %s the status %i', async (code, expected) => {
    const { call } = await open({
      'runs.get': () => {
        throw new AppError(code, 'A sentence.');
      },
    });
    const answer = await call('runs.get', { id: 'r' });
    expect(answer.status).toBe(expected);
    expect(JSON.parse(answer.text)).toEqual({ ok: false, error: { code, message: 'A sentence.' } });
  });

  it('tells an unknown call from a wrong input', async () => {
    const { call } = await open();
    expect((await call('runs.destroy', {})).status).toBe(404);
    expect((await call('runs.get', { id: 1 })).status).toBe(400);
  });

  it.each([
    ['broken JSON', 'application/json', '{"id":', 400],
    ['a form', 'application/x-www-form-urlencoded', 'id=1', 415],
    ['plain text', 'text/plain', '{"id":"r"}', 415],
    ['JSON that is no object', 'application/json', '7', 400],
    ['more than 8 MiB', 'application/json', `"${'x'.repeat(8 * 1024 * 1024)}"`, 413],
  ])('refuses %s', async (_what, contentType, body, expected) => {
    const { ask, bearer } = await open();
    const answer = await ask('POST', '/api/runs.get', { ...bearer, 'Content-Type': contentType }, body);
    expect(answer.status).toBe(expected);
    expect(JSON.parse(answer.text)).toMatchObject({ ok: false, error: { code: expect.any(String) } });
  });

  it('refuses compressed bodies instead of inflating them', async () => {
    const { ask, bearer } = await open();
    const headers = { ...bearer, 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
    expect((await ask('POST', '/api/runs.get', headers, 'xx')).status).toBe(415);
  });

  it('shows no stack and no detail of what nobody expected', async () => {
    const { call, lines } = await open({
      'runs.get': () => {
        throw new TypeError('inner detail');
      },
    });
    const answer = await call('runs.get', { id: 'r' });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('inner detail');
    expect(lines.join('')).toContain('inner detail');
  });

  it('takes calls by POST alone', async () => {
    const { ask, bearer } = await open(status);
    expect((await ask('GET', '/api/app.status', bearer)).status).toBe(404);
    expect((await ask('PUT', '/api/app.status', bearer)).status).toBe(404);
    expect((await ask('OPTIONS', '/api/app.status', { Origin: 'http://evil.example' })).status).toBe(403);
  });
});

describe('pushes over HTTP', () => {
  it('streams them with a sequence and a time to reconnect', async () => {
    const { port, bearer, pushHub } = await open();
    const feed = await openFeed(port, bearer);
    await eventually(() => expect(pushHub.hasClients()).toBe(true));
    pushHub.publish('app.statusChanged', sampleStatus);
    await eventually(() => expect(feed.envelopes()).toHaveLength(1));
    expect(feed.text()).toMatch(/^retry: \d+\n\n/);
    expect(feed.envelopes()).toEqual([{ seq: 1, name: 'app.statusChanged', value: sampleStatus, dropped: 0 }]);
    feed.stop();
    await eventually(() => expect(pushHub.hasClients()).toBe(false));
  });

  it('leaves out a reader that does not read and tells it what it missed, in bounded memory', async () => {
    const clock = fakeClock();
    const pushHub = createPushHub(clock);
    const { port, bearer } = await open({}, { pushHub });
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /api/push HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${bearer.Authorization}\r\n\r\n`);
    await new Promise((resolve) => socket.once('readable', resolve));
    const text = 'x'.repeat(100_000);
    const published = 300;
    for (let batch = 0; batch < published / 10; batch += 1) {
      const rows = Array.from({ length: 10 }, () => ({
        runId: 'r',
        attempt: 1,
        stream: 'stdout' as const,
        text,
        at: '2026-01-01T00:00:00Z',
      }));
      pushHub.publish('runs.wrote', rows);
      clock.advance(100);
      await setImmediate();
    }
    let got = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      got += chunk;
    });
    const count = (): number => {
      const rows = got.split('"runId"').length - 1;
      const dropped = [...got.matchAll(/"dropped":(\d+)\}\n/g)].reduce((sum, match) => sum + Number(match[1]), 0);
      return rows + dropped;
    };
    await eventually(() => expect(count()).toBe(published));
    expect(got.split('"runId"').length - 1).toBeLessThan(published);
    socket.destroy();
  });
});

describe('what anyone may read', () => {
  it('serves the page and its files with strict headers, and nothing else', async () => {
    const { ask } = await open();
    const page = await ask('GET', '/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>Signalbox</title>');
    expect(page.headers['cache-control']).toBe('no-cache');
    expect(String(page.headers['content-security-policy']).replaceAll(';', '; ')).toBe(contentSecurityPolicyText);
    expect(page.headers['strict-transport-security']).toBeUndefined();
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(page.headers['x-powered-by']).toBeUndefined();
    const script = await ask('GET', '/assets/index-4f2a.js');
    expect(script.headers['cache-control']).toContain('immutable');
    expect(script.headers['content-type']).toContain('javascript');
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/.hidden.js',
    '/assets/nothing.js',
    '/in/crm',
    '/api',
    '/runs/run_1',
    '/assets',
    '/%00.js',
    '/%zz.js',
  ])('finds nothing at %s', async (path) => {
    const { raw, port } = await open();
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 (404|403|400) /);
    expect(answer).not.toContain('classified');
    expect(answer).toContain('"error"');
  });

  it('says what to do when the pages are not built', async () => {
    const { ask } = await open({}, { rendererDir: '/nonexistent/renderer' });
    const answer = await ask('GET', '/');
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('npm run build');
  });

  it('tells health and readiness', async () => {
    let reason: string | null = 'The database is being checked.';
    const { ask } = await open({}, { readiness: () => reason });
    expect((await ask('GET', '/healthz')).status).toBe(200);
    const waiting = await ask('GET', '/readyz');
    expect([waiting.status, JSON.parse(waiting.text)]).toEqual([
      503,
      { error: { code: 'unavailable', message: reason } },
    ]);
    reason = null;
    expect((await ask('GET', '/readyz')).status).toBe(200);
  });

  it('gives metrics to those with the token', async () => {
    const { ask, bearer } = await open();
    const answer = await ask('GET', '/metrics', bearer);
    expect(answer.text).toContain('signalbox_deliveries_total 3');
    expect(answer.headers['content-type']).toContain('text/plain');
  });
});

describe('connections of strangers', () => {
  it('make room for new ones, and never cut off who is signed in', async () => {
    const { port, bearer, ask, call } = await open(status, { maxConnections: 20 });
    const feed = await openFeed(port, bearer);
    const idle = Array.from({ length: 60 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    await Promise.all(idle.slice(0, 30).map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    expect((await call('app.status', {})).status).toBe(200);
    expect((await ask('GET', '/healthz')).status).toBe(200);
    let isOver = false;
    void feed.ended.then(() => {
      isOver = true;
    });
    for (let count = 0; count < 60; count += 1) expect((await ask('GET', '/healthz')).status).toBe(200);
    expect(isOver).toBe(false);
    for (const socket of idle) socket.destroy();
    feed.stop();
  });

  it('open no WebSocket, from whatever page', async () => {
    const { port } = await open();
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==';
    for (const path of ['/', '/api/push']) {
      const socket = connect(port, '127.0.0.1').setEncoding('latin1');
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://evil.example\r\n${upgrade}\r\n\r\n`,
      );
      const [answer] = await once(socket, 'data');
      socket.destroy();
      expect(answer).toMatch(path === '/' ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 403 /);
    }
  });
});

describe('the listener', () => {
  it('closes at once although streams and idle connections are open', async () => {
    const door = await openConsoleServer();
    const feed = await openFeed(door.port, door.bearer);
    const connected = vi.fn();
    const idle = door.raw(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${door.port}\r\n\r\n`, connected);
    const silent = door.raw('', connected);
    // A connection that the system has taken and the server has not yet is reset; it ends all the same.
    const ended = Promise.allSettled([idle, silent, feed.ended]);
    await eventually(() => expect(connected).toHaveBeenCalledTimes(2));
    await eventually(() => expect(door.pushHub.hasClients()).toBe(true));
    const startedAt = performance.now();
    await door.server.close();
    // Idle connections would hold it for their keep-alive, streams for ever.
    expect(performance.now() - startedAt).toBeLessThan(4000);
    await ended;
    await expect(door.ask('GET', '/healthz')).rejects.toThrow();
    await door.server.close();
  });

  it('lets a call in flight finish before it closes', async () => {
    let finish: (() => void) | null = null;
    const door = await openConsoleServer({
      'app.status': () =>
        new Promise((resolve) => {
          finish = () => resolve(sampleStatus);
        }),
    });
    const answer = door.call('app.status', {});
    const finishIt = await eventually(() => {
      if (finish === null) throw new Error('the call has not come');
      return finish;
    });
    const closed = door.server.close();
    finishIt();
    expect((await answer).status).toBe(200);
    await closed;
  });

  it('warns when it can be reached from beyond this machine', async () => {
    const inside = await open();
    expect(inside.lines.join('')).not.toContain('beyond this machine');
    const outside = await open({}, { host: '0.0.0.0' });
    expect(outside.lines.join('')).toContain('beyond this machine');
    expect(outside.server.url).toBe(`http://127.0.0.1:${outside.port}`);
    expect((await outside.ask('GET', '/healthz')).status).toBe(200);
    expect((await outside.ask('GET', '/healthz', { Host: `evil.example:${outside.port}` })).status).toBe(421);
  });

  it('rejects with the system’s error when the port is taken', async () => {
    const { port } = await open();
    await expect(openConsoleServer({}, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
