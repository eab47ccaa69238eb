import type { Configuration } from 'openid-client';
import type { OpenIdSettings } from '../../../shared/contract/access/access-settings.ts';
import type { SecretRef } from '../../../shared/contract/common.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { isLoopbackHost } from '../../../shared/loopback-host.ts';
import type { CompanyPerson } from '../../accounts/company-sign-in.ts';
import { newSecret } from '../../accounts/secret-text.ts';

export const ticketLifetimeMs = 10 * 60 * 1000;
const maxOpen = 200;
const timeoutSeconds = 10;

export interface OpenIdSignInDeps {
  /** Null: turned off. */
  settings(): OpenIdSettings | null;
  readSecret(ref: SecretRef): string;
  nowMs?: () => number;
}

export interface OpenIdSignIn {
  /** `ticket`: for a cookie that ties the callback to this browser. */
  begin(redirectUri: string): Promise<{ url: string; ticket: string }>;
  /** `query`: the callback's. Throws AppError when it is another browser or too late, other errors when the provider refuses. */
  finish(ticket: string, query: string): Promise<CompanyPerson>;
}

interface Pending {
  redirectUri: string;
  state: string;
  nonce: string;
  verifier: string;
  expiresAtMs: number;
}

/** Loaded when used: importing it would slow down every start. */
const load = () => import('openid-client');

/** Sign-in with OpenID Connect: the code flow with PKCE, state and nonce. Pending sign-ins are kept in memory only. */
export function createOpenIdSignIn({ settings, readSecret, nowMs = Date.now }: OpenIdSignInDeps): OpenIdSignIn {
  const pending = new Map<string, Pending>();
  let found: { of: OpenIdSettings; secret: string | null; configuration: Promise<Configuration> } | null = null;

  function mustHave(): OpenIdSettings {
    const given = settings();
    if (given === null) throw new AppError('unavailable', 'Sign-in with OpenID Connect is turned off.');
    return given;
  }

  async function discover(given: OpenIdSettings, secret: string | null): Promise<Configuration> {
    const openId = await load();
    const issuer = new URL(given.issuer);
    // Without TLS responses could be forged; openid-client allows http only explicitly.
    const execute =
      issuer.protocol === 'http:' && isLoopbackHost(issuer.hostname) ? [openId.allowInsecureRequests] : [];
    const proof = secret === null ? openId.None() : openId.ClientSecretPost(secret);
    return openId.discovery(issuer, given.clientId, {}, proof, { execute, timeout: timeoutSeconds });
  }

  async function configurationOf(given: OpenIdSettings): Promise<Configuration> {
    const secret = given.clientSecret === null ? null : readSecret(given.clientSecret);
    if (found === null || found.of !== given || found.secret !== secret) {
      found = { of: given, secret, configuration: discover(given, secret) };
    }
    const { configuration } = found;
    try {
      return await configuration;
    } catch (error) {
      // The next sign-in tries again.
      if (found?.configuration === configuration) found = null;
      throw error;
    }
  }

  return {
    async begin(redirectUri) {
      const given = mustHave();
      const [configuration, openId] = await Promise.all([configurationOf(given), load()]);
      const now = nowMs();
      for (const [ticket, { expiresAtMs }] of pending) {
        if (expiresAtMs > now && pending.size < maxOpen) break;
        pending.delete(ticket);
      }
      const verifier = openId.randomPKCECodeVerifier();
      const state = openId.randomState();
      const nonce = openId.randomNonce();
      const ticket = newSecret();
      pending.set(ticket, { redirectUri, state, nonce, verifier, expiresAtMs: now + ticketLifetimeMs });
      const url = openId.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: ['openid', ...given.scopes].join(' '),
        code_challenge: await openId.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return { url: url.href, ticket };
    },
    async finish(ticket, query) {
      const begun = pending.get(ticket);
      pending.delete(ticket);
      if (begun === undefined || begun.expiresAtMs <= nowMs()) {
        throw new AppError('unauthorized', 'This sign-in took too long or began in another browser; start again.');
      }
      const given = mustHave();
      const [configuration, openId] = await Promise.all([configurationOf(given), load()]);
      const tokens = await openId.authorizationCodeGrant(configuration, new URL(`${begun.redirectUri}${query}`), {
        pkceCodeVerifier: begun.verifier,
        expectedState: begun.state,
        expectedNonce: begun.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new AppError('unauthorized', 'The provider sent no ID token.');
      const known: Record<string, unknown> = { ...claims };
      const isMissing = known[given.nameClaim] === undefined || known[given.groupsClaim] === undefined;
      if (isMissing && configuration.serverMetadata().userinfo_endpoint !== undefined) {
        Object.assign(known, await openId.fetchUserInfo(configuration, tokens.access_token, claims.sub));
      }
      return personOf(given, claims, known);
    },
  };
}

function personOf(
  given: OpenIdSettings,
  { iss, sub }: { iss: string; sub: string },
  claims: Record<string, unknown>,
): CompanyPerson {
  const name = claims[given.nameClaim];
  if (typeof name !== 'string' || name === '') {
    throw new AppError('forbidden', `The provider sent no name in the claim "${given.nameClaim}".`);
  }
  const groups = claims[given.groupsClaim];
  return {
    subject: `${iss} ${sub}`,
    name,
    groups: Array.isArray(groups) ? groups.map(String) : typeof groups === 'string' ? [groups] : [],
  };
}
