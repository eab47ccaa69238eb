import { expect, it } from 'vitest';
import { startIdentityProvider } from './identity-provider.ts';
import { openTeam, type TeamServer } from './team-server.ts';

/** A browser that follows redirects over both servers, each with its cookies. */
function traveller() {
  const jars = new Map<string, Map<string, string>>();
  return {
    cookies: (origin: string) => [...(jars.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; '),
    /** Where it ends, and every address on its way. */
    async go(start: string, upTo = 20): Promise<{ url: URL; way: URL[] }> {
      const way: URL[] = [];
      let url = new URL(start);
      for (let step = 0; step < upTo; step += 1) {
        way.push(url);
        const jar = jars.get(url.origin) ?? new Map<string, string>();
        jars.set(url.origin, jar);
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
        const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
        for (const line of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          if (value === '') jar.delete(name);
          else jar.set(name, value);
        }
        const to = response.headers.get('location');
        if (to === null) return { url, way };
        url = new URL(to, url);
      }
      return { url, way };
    },
  };
}

async function whoIs(team: TeamServer, cookie: string) {
  const browser = team.browser();
  browser.cookie = cookie;
  return browser.call('account.get', {});
}

it('signs people in with OpenID Connect, with the role of their groups', async () => {
  const team = await openTeam();
  const secret = 'a secret of the client';
  const provider = await startIdentityProvider({
    id: 'signalbox',
    secret,
    redirectUri: `${team.url}/session/openid/callback`,
  });
  await team.local('secrets.set', { name: 'oidc', value: secret });
  await team.local('settings.update', {
    access: {
      groupRoles: [
        { group: 'staff', role: 'viewer' },
        { group: 'on-call', role: 'operator', mayApprove: true },
      ],
      openId: {
        issuer: provider.issuer,
        clientId: 'signalbox',
        clientSecret: { secret: 'oidc' },
        scopes: ['profile', 'groups'],
        nameClaim: 'preferred_username',
        groupsClaim: 'groups',
      },
    },
  });
  const ways = await (await fetch(`${team.url}/session/ways`)).json();
  expect(ways).toMatchObject({ value: { openId: true, token: true } });

  provider.person = { sub: 'u1', name: 'Ada', groups: ['staff', 'on-call'] };
  const ada = traveller();
  const { url, way } = await ada.go(`${team.url}/session/openid`);
  expect(url.pathname + url.search).toBe('/');
  const asked = way.find(({ pathname }) => pathname === '/auth')?.searchParams;
  expect(asked?.get('code_challenge_method')).toBe('S256');
  expect([asked?.get('state'), asked?.get('nonce')].every((one) => (one ?? '').length > 20)).toBe(true);
  expect(await whoIs(team, ada.cookies(team.url))).toMatchObject({
    value: { name: 'Ada', role: 'operator', via: 'session', permissions: ['read', 'operate', 'approve', 'own'] },
  });

  // Groups count anew at each sign-in, for the sessions that there are too.
  provider.person = { sub: 'u1', name: 'Ada', groups: ['staff'] };
  await traveller().go(`${team.url}/session/openid`);
  expect(await whoIs(team, ada.cookies(team.url))).toMatchObject({ value: { role: 'viewer' } });
  expect((await team.local('operators.list', {})).items).toMatchObject([
    { name: 'Ada', signIn: 'company', role: 'viewer' },
  ]);

  // Without a group that has a role, sign-in is refused and no account is created.
  provider.person = { sub: 'u2', name: 'Mallory', groups: [] };
  const stranger = await traveller().go(`${team.url}/session/openid`);
  expect(stranger.url.search).toBe('?refused=forbidden');
  expect((await team.local('operators.list', {})).items).toHaveLength(1);

  // Another browser or a forged response fails: the callback is tied to the browser that began.
  provider.person = { sub: 'u1', name: 'Ada', groups: ['staff'] };
  const begun = await traveller().go(`${team.url}/session/openid`);
  const back = begun.way.find(({ pathname }) => pathname === '/session/openid/callback')?.href ?? '';
  const thief = traveller();
  expect((await thief.go(back)).url.search).toBe('?refused=failed');
  expect(await whoIs(team, thief.cookies(team.url))).toMatchObject({ status: 401 });
  const forger = traveller();
  await forger.go(`${team.url}/session/openid`, 1);
  expect((await forger.go(`${team.url}/session/openid/callback?code=made-up&state=made-up`)).url.search).toBe(
    '?refused=failed',
  );
});

it('accepts a reverse proxy’s headers only from trusted proxies', async () => {
  const team = await openTeam();
  const ask = async (headers: Record<string, string>) => {
    const response = await fetch(`${team.url}/api/account.get`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: team.url, ...headers },
      body: '{}',
    });
    return { status: response.status, body: await response.json() };
  };
  const asAda = { 'x-remote-user': 'Ada', 'x-remote-groups': 'staff, ops' };
  await team.local('settings.update', {
    access: {
      groupRoles: [{ group: 'ops', role: 'operator' }],
      proxyHeaders: { user: 'X-Remote-User', groups: 'X-Remote-Groups' },
    },
  });
  expect((await ask(asAda)).status).toBe(401);
  await team.local('settings.update', { trustedProxies: ['127.0.0.1/32'] });
  expect(await ask(asAda)).toMatchObject({
    status: 200,
    body: { value: { name: 'Ada', role: 'operator', via: 'proxy' } },
  });
  expect((await ask({ 'x-remote-user': 'Bob', 'x-remote-groups': 'staff' })).status).toBe(403);
  expect((await ask({})).status).toBe(401);
  // Another site cannot use it: its requests carry their own origin.
  expect((await ask({ ...asAda, origin: 'https://evil.example' })).status).toBe(403);
});
