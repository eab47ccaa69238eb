import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { WireError } from '../../shared/contract/errors.ts';
import { createLoginThrottle } from './login-throttle.ts';
import { createSessions, type Sessions } from './sessions.ts';

export type Identity = { kind: 'bearer' } | { kind: 'session'; id: string };

export type Verdict<T> = { granted: true; value: T } | { granted: false; error: WireError; retryAfterSeconds?: number };

export interface HttpAuth {
  /** Who sends this request: by `Authorization: Bearer`, which goes first, or by the session's cookie. */
  identify(request: IncomingMessage, address: string): Promise<Verdict<Identity>>;
  /** Trades the console token for a session; gives the id for the cookie. */
  logIn(token: string, address: string): Promise<Verdict<string>>;
  logOut(request: IncomingMessage): string | null;
  isLive(identity: Identity): boolean;
}

export const bearerOf = (request: IncomingMessage): string | null =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;

/** `cookieName` carries the port, since cookies of one host are shared by all its ports. */
export function createHttpAuth(token: string, cookieName: string, sessions: Sessions = createSessions()): HttpAuth {
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

  async function checkToken(text: string, address: string): Promise<Verdict<null>> {
    const retryAfterSeconds = await throttle.waitSeconds(address);
    if (retryAfterSeconds > 0) {
      const message = `Too many wrong tokens; try again in ${retryAfterSeconds} s.`;
      return { granted: false, retryAfterSeconds, error: { code: 'too_many_attempts', message } };
    }
    if (isToken(text)) {
      await throttle.succeeded(address);
      return { granted: true, value: null };
    }
    await throttle.failed(address);
    const message = 'This is not the console token; it stands in the file console-token in the data directory.';
    return { granted: false, error: { code: 'unauthorized', message } };
  }

  return {
    async identify(request, address) {
      const bearer = bearerOf(request);
      if (bearer !== null) {
        const verdict = await checkToken(bearer, address);
        return verdict.granted ? { granted: true, value: { kind: 'bearer' } } : verdict;
      }
      const id = sessionOf(request);
      if (id !== null && sessions.use(id)) return { granted: true, value: { kind: 'session', id } };
      const message = 'Sign in with the console token first, or send it as "Authorization: Bearer <token>".';
      return { granted: false, error: { code: 'unauthorized', message } };
    },
    async logIn(text, address) {
      const verdict = await checkToken(text, address);
      return verdict.granted ? { granted: true, value: sessions.create() } : verdict;
    },
    logOut(request) {
      const id = sessionOf(request);
      if (id !== null) sessions.end(id);
      return id;
    },
    isLive: (identity) => identity.kind === 'bearer' || sessions.isLive(identity.id),
  };
}
