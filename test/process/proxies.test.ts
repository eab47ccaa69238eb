import { mkdirSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isBuilt } from '../../scripts/build-state.mjs';
import {
  caddyConsoleSnippet,
  haproxyConsoleSnippet,
  nginxConsoleSnippet,
} from '../../shared/proxy/console-snippets.ts';
import { caddySnippet } from '../../shared/proxy/receiver-snippets.ts';
import { askProxy, type ProxiedAsk, type ProxyPlace, postByHttp2 } from './proxy-client.ts';
import { freePort, proxyPrograms, startProxy } from './proxy-programs.ts';
import { makePlace, type Signalbox, startSignalbox, until } from './signalbox.ts';

/** The lines that the app shows and docs/operations.md has, run by the proxies themselves. */
for (const { name, path } of proxyPrograms) {
  if (path === undefined) console.warn(`${name} is not installed: the lines for it are not tried here`);
}

const json = { 'content-type': 'application/json', 'x-github-event': 'push' };
const mebibyte = 1024 * 1024;
const large = (bytes: number): string => JSON.stringify({ text: 'x'.repeat(bytes) });

interface Behind {
  place: ProxyPlace;
  hooks: string;
  ops: string;
  box(): Signalbox;
  restart(): Promise<void>;
  ask(url: string, options?: ProxiedAsk): ReturnType<typeof askProxy>;
}

async function startBehind(program: (typeof proxyPrograms)[number]): Promise<Behind> {
  const place = makePlace();
  const [receiver, console, proxy] = [await freePort(), await freePort(), await freePort()];
  const hooks = `https://hooks.example.com:${proxy}`;
  const ops = `https://ops.example.com:${proxy}/signalbox/`;
  const start = () =>
    startSignalbox({
      dataDir: place.dataDir,
      config: `version: 1
settings: { publicUrl: "${hooks}", consoleUrl: "${ops}", trustedProxies: [127.0.0.1/32] }
sources:
  - { slug: hub, preset: github, verify: { scheme: none } }
`,
      args: ['--receiver', `127.0.0.1:${receiver}`, '--console', `127.0.0.1:${console}`],
    });
  let box = await start();
  onTestFinished(async () => {
    await box.end();
    place.remove();
  });
  const dir = join(place.dir, 'proxy');
  mkdirSync(dir);
  const proxied = startProxy(
    program,
    {
      receiver: { receiverUrl: box.receiverUrl, publicUrl: hooks, slug: null, maxBodyBytes: 25 * mebibyte },
      console: { consoleUrl: box.consoleUrl, publicUrl: ops },
    },
    dir,
    proxy,
  );
  const ask: Behind['ask'] = (url, options) => askProxy(proxied, url, options);
  await until('the proxy answers', () =>
    ask(`${hooks}/.well-known/jwks.json`).then(
      ({ status }) => status === 200,
      () => null,
    ),
  );
  return {
    place: proxied,
    hooks,
    ops,
    ask,
    box: () => box,
    async restart() {
      expect((await box.end()).code).toBe(0);
      box = await start();
    },
  };
}

async function expectDeliveries({ place, hooks, ask, box }: Behind): Promise<void> {
  const hub = `${hooks}/in/hub`;
  expect(await postByHttp2(place, hub, { ...json, 'x-github-delivery': 'h2' }, '{}')).toBe(202);

  // The address that counts is the one the proxy saw, not the one that a sender claims.
  const spoofed = {
    ...json,
    'x-github-delivery': 'from',
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-proto': 'http',
  };
  const sent = await ask(hub, { method: 'POST', headers: spoofed, body: '{}', from: '127.0.0.2' });
  expect(sent.status).toBe(202);
  const delivery = await box().call('deliveries.get', { id: String(sent.headers['signalbox-delivery']) });
  expect(delivery.remoteAddress).toBe('127.0.0.2');

  const whole = { ...json, 'x-github-delivery': 'large' };
  const taken = await ask(hub, { method: 'POST', headers: whole, body: large(24 * mebibyte), expectsContinue: true });
  expect(taken.status).toBe(202);
  const tooLarge = await ask(hub, { method: 'POST', headers: json, body: large(26 * mebibyte) }).catch(() => ({
    status: 413,
  }));
  expect(tooLarge.status).toBe(413);

  // Signalbox answers them in JSON; the proxy must not ask it.
  for (const path of ['/readyz', '/in', '/other']) expect((await ask(`${hooks}${path}`)).text).not.toMatch(/^{/);
  expect(sent.headers['strict-transport-security']).toBeUndefined();
}

/** Senders on connections that they keep, before, while and after Signalbox restarts. */
async function expectRestart(behind: Behind, holdsRequests: boolean): Promise<void> {
  const { hooks, ask, box } = behind;
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const accepted: string[] = [];
  const statuses = new Map<number, number>();
  let isOver = false;
  let count = 0;
  const sender = async (name: number): Promise<void> => {
    for (let number = 0; !isOver; number++) {
      const id = `${name}-${number}`;
      const headers = { ...json, 'x-github-delivery': id };
      const { status, headers: answered } = await ask(`${hooks}/in/hub`, {
        method: 'POST',
        headers,
        body: '{}',
        agent,
      });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      count += 1;
      if (status === 202) accepted.push(String(answered['signalbox-delivery']));
      // A sender that is refused does not ask without a pause.
      else await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const senders = [0, 1, 2, 3].map(sender);
  await until('senders send', async () => count > 20);
  await behind.restart();
  const since = count;
  await until('senders send again', async () => count > since + 20 && accepted.length > 40);
  isOver = true;
  await Promise.all(senders);
  agent.destroy();
  expect([...statuses.keys()].filter((status) => status !== 202 && status !== 503)).toEqual([]);
  // What arrives in the moment of the stop, one request a sender, may be told to come again; later ones wait.
  if (holdsRequests) expect(statuses.get(503) ?? 0).toBeLessThanOrEqual(senders.length);
  // Every delivery that was answered 202 is there.
  for (const id of [accepted[0], ...accepted.slice(-20), ...accepted.filter((_, at) => at % 10 === 0)]) {
    expect(await box().call('deliveries.get', { id: id ?? '' })).toMatchObject({ result: 'accepted' });
  }
}

async function expectConsole({ ops, hooks, ask, box }: Behind): Promise<void> {
  const bare = await ask(ops.slice(0, -1));
  expect(bare.status).toBe(308);
  expect(new URL(String(bare.headers.location), ops).href).toBe(ops);

  const { publicUrl } = await box().call('app.createSignInUrl', {});
  expect(publicUrl).toMatch(new RegExp(`^${ops}\\?code=`));
  const signedIn = await ask(publicUrl ?? '');
  expect(signedIn.status).toBe(303);
  expect(new URL(String(signedIn.headers.location), publicUrl ?? '').href).toBe(ops);
  const [cookie = ''] = signedIn.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/; Path=\/signalbox\/(?:;|$)/);
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; Secure/);
  expect(cookie).toMatch(/; SameSite=Strict/);
  const session = { cookie: cookie.split(';')[0] ?? '', 'sec-fetch-site': 'same-origin', origin: new URL(ops).origin };

  if (isBuilt()) {
    const page = await ask(ops, { headers: session });
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => new URL(file, ops).href);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      expect(file.startsWith(ops)).toBe(true);
      expect((await ask(file, { headers: session })).status).toBe(200);
    }
  }

  const called = await ask(`${ops}api/app.status`, {
    method: 'POST',
    headers: { ...session, 'content-type': 'application/json', 'x-signalbox': '1' },
    body: '{}',
  });
  expect(JSON.parse(called.text)).toMatchObject({ ok: true });
  expect(called.headers['strict-transport-security']).toBeUndefined();

  // What is stored is pushed while the stream stays open.
  const stop = new AbortController();
  let stream = '';
  const reading = ask(`${ops}api/push`, {
    headers: { ...session, accept: 'text/event-stream' },
    signal: stop.signal,
    onText: (text) => (stream += text),
  }).catch(() => undefined);
  await until('the stream begins', async () => stream !== '');
  const sent = await ask(`${hooks}/in/hub`, {
    method: 'POST',
    headers: { ...json, 'x-github-delivery': 'pushed' },
    body: '{}',
  });
  expect(sent.status).toBe(202);
  await until('the event is pushed', async () => stream.includes('events.added'));
  stop.abort();
  await reading;

  const signedOut = await ask(`${ops}session`, { method: 'DELETE', headers: session });
  expect(signedOut.headers['set-cookie']?.[0]).toMatch(/Path=\/signalbox\//);
}

for (const program of proxyPrograms) {
  it.skipIf(program.path === undefined)(`${program.name} stands in front of receiver and console`, async () => {
    const behind = await startBehind(program);
    await expectDeliveries(behind);
    await expectConsole(behind);
    await expectRestart(behind, program.name === 'HAProxy');
  });
}

it('docs/operations.md has the lines for the console that are run here', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  const facts = { consoleUrl: 'http://127.0.0.1:8788', publicUrl: 'https://ops.example.com/signalbox/' };
  for (const snippet of [nginxConsoleSnippet, caddyConsoleSnippet, haproxyConsoleSnippet]) {
    expect(page).toContain(`\n${snippet(facts)}\n\`\`\``);
  }
});

it('docs/team.md has the lines for Caddy with hosts of their own', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/team.md'), 'utf8').replace(/^ {3}/gm, '');
  const receiver = { receiverUrl: 'http://127.0.0.1:8787', publicUrl: 'https://hooks.example.com', slug: null };
  expect(page).toContain(caddySnippet({ ...receiver, maxBodyBytes: 25 * mebibyte }));
  expect(page).toContain(
    caddyConsoleSnippet({ consoleUrl: 'http://127.0.0.1:8788', publicUrl: 'https://ops.example.com' }),
  );
});
