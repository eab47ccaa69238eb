import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createPasskeyChallenges } from '../../electron/accounts/passkey-challenges.ts';
import { passkeySite } from '../../electron/accounts/passkey-site.ts';
import { Authenticator } from './authenticator.ts';
import { type Browser, codeOf, openTeam, password, type TeamServer } from './team-server.ts';

const rpId = 'localhost';
const originOf = (team: TeamServer): string => `http://localhost:${new URL(team.url).port}`;

interface Options {
  challenge: string;
  user: { id: string };
  rp: { id: string };
  authenticatorSelection: object;
  excludeCredentials: { id: string }[];
}

async function options(browser: Browser, path: string, input: object): Promise<Options> {
  const { status, value, message } = await browser.post(`/session/${path}/options`, input);
  expect({ status, message }).toEqual({ status: 200, message: '' });
  return value as Options;
}

/** Creates a passkey; `owner` is a link's code or the current password. */
async function create(
  team: TeamServer,
  browser: Browser,
  owner: { code: string } | { password: string },
  device: Authenticator,
) {
  const { challenge, user } = await options(browser, 'passkeys', owner);
  const response = device.create({ origin: originOf(team), rpId, challenge }, user.id);
  return browser.post('/session/passkeys', { ...('code' in owner ? owner : {}), name: 'Laptop', response });
}

async function signIn(team: TeamServer, browser: Browser, device: Authenticator) {
  const { challenge } = await options(browser, 'passkey', {});
  return browser.post('/session/passkey', device.get({ origin: originOf(team), rpId, challenge }));
}

async function invite(team: TeamServer, name: string): Promise<string> {
  const { link } = await team.local('operators.add', { name, role: 'operator' });
  return codeOf(link.url);
}

it('joins with a passkey and signs in with it, without a password', async () => {
  const team = await openTeam();
  const code = await invite(team, 'Ada');
  const browser = team.browser('localhost');
  expect(await browser.post('/session/invitation', { code })).toMatchObject({
    value: { name: 'Ada', passkeyProblem: null },
  });
  const asked = await options(browser, 'passkeys', { code });
  expect(asked).toMatchObject({
    rp: { id: 'localhost' },
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const device = new Authenticator();
  expect(await create(team, browser, { code }, device)).toMatchObject({ status: 200 });
  expect(await browser.call('account.get', {})).toMatchObject({ value: { name: 'Ada', via: 'session' } });
  expect(await create(team, team.browser('localhost'), { code }, new Authenticator()).catch(() => 'used')).toBe('used');
  expect((await team.local('operators.list', {})).items).toMatchObject([{ name: 'Ada', state: 'active' }]);

  const again = team.browser('localhost');
  expect(await signIn(team, again, device)).toMatchObject({ status: 200 });
  expect(await again.call('account.passkeys', {})).toMatchObject({
    value: { hasPassword: false, items: [{ name: 'Laptop', host: 'localhost', lastUsedAt: expect.any(String) }] },
  });
  const { items } = await team.local('audit.list', { call: 'session.' });
  expect(items.map(({ call, name, after }) => [call, name, after])).toEqual([
    ['session.start', 'Ada', null],
    ['session.start', 'Ada', null],
    ['session.join', 'Ada', { signIn: 'passkey' }],
  ]);
  // The one way in is not removed by accident; an administrator's reset removes it.
  const [{ id }] = ((await again.call('account.passkeys', {})).value as { items: [{ id: string }] }).items;
  expect(await again.call('account.removePasskey', { id })).toMatchObject({ status: 409, code: 'wrong_state' });
  await team.local('operators.reset', { name: 'Ada' });
  expect(await signIn(team, team.browser('localhost'), device)).toMatchObject({ status: 401 });
});

it('lists, adds, renames and removes passkeys of the own account alone', async () => {
  const team = await openTeam();
  const ada = await team.join('Ada', 'operator', false, 'localhost');
  const bob = await team.join('Bob', 'operator', false, 'localhost');
  expect(await ada.post('/session/passkeys/options', { password: 'a wrong password' })).toMatchObject({ status: 400 });
  const device = new Authenticator();
  expect(await create(team, ada, { password }, device)).toMatchObject({ value: { name: 'Laptop', host: 'localhost' } });
  expect(await create(team, bob, { password }, device)).toMatchObject({ status: 409 });
  const id = device.id.toString('base64url');
  expect((await options(ada, 'passkeys', { password })).excludeCredentials).toMatchObject([{ id }]);
  expect(await bob.call('account.renamePasskey', { id, name: 'Mine' })).toMatchObject({ status: 404 });
  expect(await bob.call('account.removePasskey', { id })).toMatchObject({ status: 404 });
  expect(await ada.call('account.renamePasskey', { id, name: 'Phone' })).toMatchObject({ value: { name: 'Phone' } });
  expect(await ada.call('account.removePasskey', { id })).toMatchObject({ status: 200 });
  expect(await signIn(team, team.browser('localhost'), device)).toMatchObject({ status: 401 });
  const { items } = await team.local('audit.list', { query: 'Passkey' });
  expect(items.map(({ call, name }) => `${name} ${call}`)).toEqual(
    expect.arrayContaining(['Ada account.addPasskey', 'Ada account.renamePasskey', 'Ada account.removePasskey']),
  );
});

it('takes a challenge once, from the browser and for the purpose that it was made for', async () => {
  const team = await openTeam();
  const ada = await team.join('Ada', 'operator', false, 'localhost');
  const device = new Authenticator();
  await create(team, ada, { password }, device);

  const browser = team.browser('localhost');
  const { challenge } = await options(browser, 'passkey', {});
  const ticket = browser.cookie;
  const response = device.get({ origin: originOf(team), rpId, challenge });
  const other = team.browser('localhost');
  await options(other, 'passkey', {});
  // A challenge of another browser; then none at all.
  expect(await other.post('/session/passkey', response)).toMatchObject({ status: 401 });
  expect(await other.post('/session/passkey', response)).toMatchObject({ status: 400 });
  expect(await browser.post('/session/passkey', response)).toMatchObject({ status: 200 });
  browser.cookie = ticket;
  expect(await browser.post('/session/passkey', response)).toMatchObject({ status: 400 });

  // A challenge for signing in creates no passkey.
  await options(ada, 'passkey', {});
  const created = new Authenticator().create({ origin: originOf(team), rpId, challenge }, 'x');
  expect(await ada.post('/session/passkeys', { name: 'x', response: created })).toMatchObject({ status: 400 });
});

it('refuses a response of another origin, without user verification, of a copy, and of a disabled account', async () => {
  const team = await openTeam();
  const ada = await team.join('Ada', 'operator', false, 'localhost');
  const device = new Authenticator();
  await create(team, ada, { password }, device);
  const attempt = async (claims: object) => {
    const browser = team.browser('localhost');
    const { challenge } = await options(browser, 'passkey', {});
    const given = device.get({ origin: originOf(team), rpId, challenge, ...claims });
    return (await browser.post('/session/passkey', given)).status;
  };
  expect(await attempt({ origin: 'http://localhost:1' })).toBe(401);
  expect(await attempt({ rpId: 'example.com' })).toBe(401);
  expect(await attempt({ verified: false })).toBe(401);
  expect(await attempt({ challenge: 'AAAA' })).toBe(401);
  expect(await attempt({})).toBe(200);
  device.counter -= 1;
  expect(await attempt({})).toBe(401);
  expect((await team.local('audit.list', { call: 'session.refuse' })).items).toHaveLength(5);
  device.counter += 1;
  await team.local('operators.update', { name: 'Ada', disabled: true });
  expect(await attempt({})).toBe(401);

  // A device that did not verify its user creates none either.
  const code = await invite(team, 'Bob');
  const bob = team.browser('localhost');
  const { challenge, user } = await options(bob, 'passkeys', { code });
  const claims = { origin: originOf(team), rpId, challenge, verified: false };
  const response = new Authenticator().create(claims, user.id);
  expect(await bob.post('/session/passkeys', { code, name: 'x', response })).toMatchObject({ status: 400 });
  expect(await bob.post('/session/invitation', { code })).toMatchObject({ status: 200 });
});

it('says where browsers offer no passkeys, and follows the address that a trusted proxy sees', async () => {
  const team = await openTeam();
  const code = await invite(team, 'Ada');
  const atIp = team.browser();
  expect(await atIp.post('/session/passkey/options', {})).toMatchObject({
    status: 409,
    message: expect.stringContaining('need a host name'),
  });
  expect(await atIp.post('/session/invitation', { code })).toMatchObject({
    value: { passkeyProblem: expect.stringContaining('host name') },
  });
  await team.local('settings.update', {
    trustedProxies: ['127.0.0.1/32'],
    consoleUrl: 'https://ops.example.com/signalbox',
  });
  const rp = async (host: string, forwarded: string) => {
    // Not by fetch, which sends no Host of the caller's.
    const sent = request(`${team.url}/session/passkeys/options`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        host,
        origin: `${forwarded}://${host}`,
        'x-forwarded-proto': forwarded,
      },
    });
    sent.end(JSON.stringify({ code }));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const reply = (await json(response)) as { value?: Options; error?: { message: string } };
    return reply.value?.rp.id ?? reply.error?.message;
  };
  expect(await rp('ops.example.com', 'https')).toBe('ops.example.com');
  expect(passkeySite('https://ops.example.com/signalbox')).toEqual({
    origin: 'https://ops.example.com',
    rpId: 'ops.example.com',
  });
  expect(passkeySite('http://ops.example.com')).toEqual({ problem: expect.stringContaining('need https') });
  for (const base of ['https://10.0.0.1', 'http://[::1]:8788']) {
    expect(passkeySite(base)).toEqual({ problem: expect.stringContaining('need a host name') });
  }
  expect(passkeySite('http://console.localhost:8788')).toMatchObject({ rpId: 'console.localhost' });
});

it('forgets challenges after five minutes, and those of an address that asks for many', () => {
  let now = 0;
  const challenges = createPasskeyChallenges(() => now);
  const late = challenges.open('a', 'sign in', '::1');
  now += 5 * 60 * 1000;
  expect(challenges.take(late, 'sign in')).toBeNull();
  const mine = challenges.open('mine', 'sign in', '::1');
  const flood = Array.from({ length: 2000 }, (_, index) => challenges.open(`${index}`, 'sign in', '192.0.2.1'));
  expect(challenges.take(mine, 'sign in')).toBe('mine');
  expect(flood.filter((ticket) => challenges.take(ticket, 'sign in') !== null)).toHaveLength(20);
});
