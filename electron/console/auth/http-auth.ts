import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { type LocalCaller, localCaller, type Via } from '../../../shared/contract/access/caller.ts';
import type { WireError } from '../../../shared/contract/errors.ts';
import { apiTokenPrefix } from '../../accounts/api-tokens.ts';
import { type AccountAuth, type AccountAuthDeps, createAccountAuth } from './account-auth.ts';
import { createLoginThrottle } from './login-throttle.ts';
import { secretCookie } from './secret-cookie.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSignInCodes, type SignInCodes } from './sign-in-codes.ts';
import { granted, type Identity, type Verdict } from './verdict.ts';

/** What the sign-in page offers. */
export interface SignInWays {
  /** With the name and password of an account. */
  password: boolean;
  /** With the console token. */
  token: boolean;
  openId: boolean;
}

export interface HttpAuth {
  /** Who sends this request: by `Authorization: Bearer`, which goes first, the session's cookie, or a trusted proxy. */
  identify(request: IncomingMessage, address: string): Promise<Verdict<Identity>>;
  /** Trades the console token for a session; gives the id for the cookie. */
  logIn(token: string, address: string): Promise<Verdict<string>>;
  /** Trades the code of a sign-in address for a session; see sign-in-codes.ts. */
  redeem(code: string, address: string): Promise<Verdict<string>>;
  logOut(request: IncomingMessage, address: string): Promise<string | null>;
  /** Whether the request comes with the cookie of a live session. */
  hasSession(request: IncomingMessage): boolean;
  /** Null where the console token is the only way in. */
  accounts: AccountAuth | null;
  ways(): SignInWays;
}

export interface HttpAuthDeps {
  token: string;
  /** Carries the port, since cookies of one host are shared by all its ports. */
  cookieName: string;
  log: Logger;
  /** Where requests come in: over the network, or on the local socket. */
  door?: 'network' | 'socket';
  sessions?: Sessions | undefined;
  codes?: SignInCodes | undefined;
  /** Absent: the console token is the only way in. */
  accounts?: AccountAuthDeps | undefined;
}

export const bearerOf = (request: IncomingMessage): string | null =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;

const tokenIsOff: WireError = {
  code: 'unauthorized',
  message:
    'The console token is not accepted over the network by this server. Sign in with your account, or use the local socket on the server.',
};

export function createHttpAuth(options: HttpAuthDeps): HttpAuth {
  const { token, cookieName, log, door = 'network' } = options;
  const { sessions = createSessions(), codes = createSignInCodes() } = options;
  const throttle = createLoginThrottle();
  const accounts = options.accounts === undefined ? null : createAccountAuth(options.accounts);
  const expected = Buffer.from(token);
  // A local socket has no addresses.
  const local = (via: Via, address: string): LocalCaller => localCaller('http', via, address === '' ? null : address);
  const sessionOf = secretCookie(cookieName);

  /** The setting counts only while an admin can sign in: the last way in stays open. */
  function isTokenOff(): boolean {
    if (door === 'socket' || options.accounts === undefined) return false;
    const access = options.accounts.access();
    return access.consoleToken === 'local' && options.accounts.accounts.directory.hasUsableAdmin(access);
  }

  // The length is no secret: every token has the same.
  function isToken(text: string): boolean {
    const given = Buffer.from(text);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  async function refuse(address: string, error: WireError): Promise<Verdict<never>> {
    const { waitSeconds, isNews } = await throttle.failed(address);
    const isHeld = waitSeconds > 0;
    if (isNews) {
      const further = isHeld ? '; further ones are not logged for a minute' : '';
      log.warn({ address, held: isHeld }, `a sign-in to the console was refused${further}`);
    }
    if (!isHeld) return { granted: false, error };
    const message = `${error.message} Too many failed attempts: wait ${waitSeconds} s. The right token is accepted at any time.`;
    return { granted: false, retryAfterSeconds: waitSeconds, error: { code: 'too_many_attempts', message } };
  }

  /** The right token goes first: wrong ones, which any web page can send from this machine, must not lock it out. */
  async function check(isRight: boolean, address: string, message: string): Promise<Verdict<null>> {
    if (!isRight) return refuse(address, { code: 'unauthorized', message });
    await throttle.succeeded(address);
    return granted(null);
  }

  async function checkToken(text: string, address: string): Promise<Verdict<null>> {
    if (isTokenOff()) return refuse(address, tokenIsOff);
    const message = 'This is not the console token. The token is in the file console-token in the data directory.';
    return check(isToken(text), address, message);
  }

  async function startSession(address: string): Promise<Verdict<string>> {
    log.info({ address }, 'an operator signed in to the console');
    const caller = local('console_session', address);
    await options.accounts?.audit.record({ caller, call: 'session.start', target: null, outcome: 'done' });
    return granted(sessions.create());
  }

  async function identifyBearer(bearer: string, address: string): Promise<Verdict<Identity>> {
    if (bearer.startsWith(apiTokenPrefix) && accounts !== null) {
      const identity = accounts.byToken(bearer, address);
      if (identity !== null) return granted(identity);
      return refuse(address, { code: 'unauthorized', message: 'This API token was revoked or has expired.' });
    }
    const verdict = await checkToken(bearer, address);
    if (!verdict.granted) return verdict;
    const caller = local(door === 'socket' ? 'command' : 'console_token', address);
    return granted({ caller, sessionId: null, isLive: () => !isTokenOff() });
  }

  function identifySession(id: string, address: string): Identity | null {
    if (!isTokenOff() && sessions.use(id)) {
      const isLive = (): boolean => !isTokenOff() && sessions.isLive(id);
      return { caller: local('console_session', address), sessionId: id, isLive };
    }
    return accounts?.bySession(id, address) ?? null;
  }

  return {
    accounts,
    ways: () => ({
      password: options.accounts?.accounts.directory.hasAny() ?? false,
      token: !isTokenOff(),
      openId: (options.accounts?.access().openId ?? null) !== null,
    }),
    async identify(request, address) {
      const bearer = bearerOf(request);
      if (bearer !== null) return identifyBearer(bearer, address);
      const id = sessionOf(request);
      const bySession = id === null ? null : identifySession(id, address);
      if (bySession !== null) return granted(bySession);
      const byProxy = (await accounts?.byProxy(request, address)) ?? null;
      if (byProxy !== null) return byProxy;
      const message = 'Sign in with the console token first, or send it as "Authorization: Bearer <token>".';
      return { granted: false, error: { code: 'unauthorized', message } };
    },
    async logIn(text, address) {
      const verdict = await checkToken(text, address);
      return verdict.granted ? startSession(address) : verdict;
    },
    async redeem(code, address) {
      if (isTokenOff()) return refuse(address, tokenIsOff);
      const message = 'This sign-in link has been used or has expired. Start Signalbox with --sign-in for a new one.';
      const verdict = await check(codes.redeem(code), address, message);
      return verdict.granted ? startSession(address) : verdict;
    },
    async logOut(request, address) {
      const id = sessionOf(request);
      if (id === null) return null;
      if (sessions.isLive(id)) sessions.end(id);
      else await accounts?.end(id, address);
      return id;
    },
    hasSession(request) {
      const id = sessionOf(request);
      return id !== null && sessions.isLive(id) && !isTokenOff();
    },
  };
}
