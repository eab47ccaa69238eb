import express, { type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import type { HttpAuth } from '../auth/http-auth.ts';
import { sessionLifetimeSeconds } from '../auth/sessions.ts';
import type { Refused, Verdict } from '../auth/verdict.ts';
import { addAccountRoutes } from './account-routes.ts';
import { sendError, sendJson } from './http-replies.ts';
import { isNavigation } from './navigation.ts';
import { addOpenIdRoutes, type OpenIdRouteDeps } from './openid-routes.ts';
import { addPasskeyRoutes, type PasskeyRouteDeps } from './passkey-routes.ts';

const maxCredentialChars = 512;
const credentialsSchema = z.union([
  z.object({ token: z.string().min(1).max(maxCredentialChars) }),
  z.object({
    name: z.string().trim().min(1).max(maxCredentialChars),
    password: z.string().min(1).max(maxCredentialChars),
  }),
]);
/** Read before sign-in: room for a token and no more. */
const maxBodyBytes = 4096;
/** An attestation can hold a chain of certificates. */
const maxPasskeyBytes = 32 * 1024;

export interface SignInRouteDeps {
  auth: HttpAuth;
  cookieName: string;
  addressOf(request: Request): string;
  /** The path below which this request sees the console. */
  basePathOf(request: Request): string;
  refuse(request: Request, response: Response, verdict: Refused): void;
  identify: PasskeyRouteDeps['identify'];
  /** Address of the console as the browser knows it, without a slash at its end. */
  consoleBase(request: Request): string;
  /** A signed-in connection; see connection-slots.ts. */
  onSignedIn(request: Request): void;
  onSignedOut(sessionId: string): void;
  /** Null on a server without accounts. */
  openId: Pick<OpenIdRouteDeps, 'openId' | 'log'> | null;
}

const firstText = (value: unknown): string =>
  typeof value === 'string' && value.length <= maxCredentialChars ? value : '';

/**
 * `POST` and `DELETE /session` for the page's own form, those below it for accounts (account-routes.ts), and the addresses
 * that sign in as the local administrator: `/?code=` once, `/?token=`.
 */
export function addSignInRoutes(app: Express, options: SignInRouteDeps): void {
  const { auth, cookieName, addressOf, refuse, consoleBase } = options;
  const cookie = (request: Request) =>
    ({ httpOnly: true, sameSite: 'strict', secure: request.secure, path: options.basePathOf(request) }) as const;

  function setCookie(request: Request, response: Response, sessionId: string): void {
    response.cookie(cookieName, sessionId, { ...cookie(request), maxAge: sessionLifetimeSeconds * 1000 });
    options.onSignedIn(request);
  }

  /** The address bar and the next request must not carry the secret on. */
  function sendOn(response: Response, path: string): void {
    response.setHeader('Cache-Control', 'no-store');
    response.redirect(303, path);
  }

  function signIn(given: z.infer<typeof credentialsSchema>, request: Request): Promise<Verdict<string>> {
    if ('token' in given) return auth.logIn(given.token, addressOf(request));
    if (auth.accounts !== null) return auth.accounts.signIn(given.name, given.password, fromOf(request));
    const error = {
      code: 'unauthorized' as const,
      message: 'This server has no accounts; sign in with the console token.',
    };
    return Promise.resolve({ granted: false, error });
  }

  const fromOf = (request: Request) => ({ address: addressOf(request), browser: request.get('user-agent') ?? '' });

  const readBody = express.json({ limit: maxBodyBytes, inflate: false, type: 'application/json' });
  app.post('/session', readBody, async (request, response) => {
    const credentials = credentialsSchema.safeParse(request.body);
    if (!credentials.success) {
      const message = 'Send {"token": "…"} with the console token, or {"name": "…", "password": "…"}, as JSON.';
      return sendError(request.path, response, { code: 'invalid_input', message });
    }
    const verdict = await signIn(credentials.data, request);
    if (!verdict.granted) return refuse(request, response, verdict);
    setCookie(request, response, verdict.value);
    sendJson(response, 200, '{"ok":true}');
  });

  app.delete('/session', async (request, response) => {
    const sessionId = await auth.logOut(request, addressOf(request));
    if (sessionId !== null) options.onSignedOut(sessionId);
    response.clearCookie(cookieName, cookie(request));
    sendJson(response, 200, '{"ok":true}');
  });

  if (auth.accounts !== null) {
    if (options.openId !== null) {
      addOpenIdRoutes(app, {
        ...options.openId,
        consoleBase,
        accounts: auth.accounts,
        cookieName: `${cookieName}-openid`,
        fromOf,
        setCookie,
      });
    }
    const { passkeys } = auth.accounts;
    addPasskeyRoutes(app, {
      passkeys,
      cookieName: `${cookieName}-passkey`,
      readBody: express.json({ limit: maxPasskeyBytes, inflate: false, type: 'application/json' }),
      consoleBase,
      cookie,
      fromOf,
      identify: options.identify,
      refuse,
      setCookie,
    });
    addAccountRoutes(app, {
      accounts: auth.accounts,
      ways: auth.ways,
      consoleBase,
      readBody,
      refuse,
      fromOf,
      setCookie,
    });
  }

  app.get('/', async (request, response, next) => {
    const { code, token } = request.query;
    if (code === undefined && token === undefined) return next();
    response.setHeader('Referrer-Policy', 'no-referrer');
    // An image or a frame in any web page may ask for this address; neither counts as an attempt to sign in.
    if (!isNavigation(request)) {
      const message = 'A sign-in link must be opened as a page, not loaded by another site.';
      return sendError(request.path, response, { code: 'forbidden', message });
    }
    const isCode = code !== undefined;
    // Opened a second time by the browser that used it, the address leads to where it led before.
    if (isCode && auth.hasSession(request)) return sendOn(response, options.basePathOf(request));
    const address = addressOf(request);
    const verdict = isCode ? await auth.redeem(firstText(code), address) : await auth.logIn(firstText(token), address);
    if (verdict.granted) {
      setCookie(request, response, verdict.value);
      return sendOn(response, options.basePathOf(request));
    }
    // A person gets the page that asks for the token and says what to do.
    if (isCode && request.accepts(['json', 'html']) === 'html')
      return sendOn(response, `${options.basePathOf(request)}?expired`);
    refuse(request, response, verdict);
  });
}
