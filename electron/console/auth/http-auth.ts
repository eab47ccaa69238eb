import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { type Caller, localCaller } from '../../../shared/contract/access/caller.ts';
import type { WireError } from '../../../shared/contract/errors.ts';
import { createLoginThrottle } from './login-throttle.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSignInCodes, type SignInCodes } from './sign-in-codes.ts';

export interface Identity {
  caller: Caller;
  /** Of the cookie; null: the request carries its own proof. */
  sessionId: string | null;
}

export type Verdict<T> = { granted: true; value: T } | { granted: false; error: WireError; retryAfterSeconds?: number };

export interface HttpAuth {
  /** Who sends this request: by `Authorization: Bearer`, which goes first, or by the session's cookie. */
  identify(request: IncomingMessage, address: string): Promise<Verdict<Identity>>;
  /** Trades the console token for a session; gives the id for the cookie. */
  logIn(token: string, address: string): Promise<Verdict<string>>;
  /** Trades the code of a sign-in address for a session; see sign-in-codes.ts. */
  redeem(code: string, address: string): Promise<Verdict<string>>;
  logOut(request: IncomingMessage): string | null;
  /** Whether the request comes with the cookie of a live session. */
  hasSession(request: IncomingMessage): boolean;
  isLive(identity: Identity): boolean;
}

export interface HttpAuthDeps {
  token: string;
  /** Carries the port, since cookies of one host are shared by all its ports. */
  cookieName: string;
  log: Logger;
  /** Whom the console token lets in: over the network, or on the local socket. */
  door?: 'network' | 'socket';
  sessions?: Sessions | undefined;
  codes?: SignInCodes | undefined;
}

export const bearerOf = (request: IncomingMessage): string | null =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;

export function createHttpAuth(options: HttpAuthDeps): HttpAuth {
  const {
    token,
    cookieName,
    log,
    door = 'network',
    sessions = createSessions(),
    codes = createSignInCodes(),
  } = options;
  const throttle = createLoginThrottle();
  const expected = Buffer.from(token);
  const cookiePattern = new RegExp(`(?:^|; *)${cookieName}=([A-Za-z0-9_-]{43})(?:;|$)`);

  // The length is no secret: every token has the same.
  function isToken(text: string): boolean {
    const given = Buffer.from(text);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  const sessionOf = (request: IncomingMessage): string | null =>
    cookiePattern.exec(request.headers.cookie ?? '')?.[1] ?? null;

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
    return { granted: true, value: null };
  }

  const checkToken = (text: string, address: string): Promise<Verdict<null>> =>
    check(
      isToken(text),
      address,
      'This is not the console token. The token is in the file console-token in the data directory.',
    );

  function startSession(address: string): Verdict<string> {
    log.info({ address }, 'an operator signed in to the console');
    return { granted: true, value: sessions.create() };
  }

  return {
    async identify(request, address) {
      const bearer = bearerOf(request);
      if (bearer !== null) {
        const verdict = await checkToken(bearer, address);
        if (!verdict.granted) return verdict;
        const via = door === 'socket' ? 'command' : 'console_token';
        return { granted: true, value: { caller: localCaller('http', via, address), sessionId: null } };
      }
      const id = sessionOf(request);
      if (id !== null && sessions.use(id)) {
        return { granted: true, value: { caller: localCaller('http', 'console_session', address), sessionId: id } };
      }
      const message = 'Sign in with the console token first, or send it as "Authorization: Bearer <token>".';
      return { granted: false, error: { code: 'unauthorized', message } };
    },
    async logIn(text, address) {
      const verdict = await checkToken(text, address);
      return verdict.granted ? startSession(address) : verdict;
    },
    async redeem(code, address) {
      const message = 'This sign-in link has been used or has expired. Start Signalbox with --sign-in for a new one.';
      const verdict = await check(codes.redeem(code), address, message);
      return verdict.granted ? startSession(address) : verdict;
    },
    logOut(request) {
      const id = sessionOf(request);
      if (id !== null) sessions.end(id);
      return id;
    },
    hasSession(request) {
      const id = sessionOf(request);
      return id !== null && sessions.isLive(id);
    },
    isLive: ({ sessionId }) => sessionId === null || sessions.isLive(sessionId),
  };
}
