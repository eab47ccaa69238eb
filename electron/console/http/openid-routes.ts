import type { Express, Request, Response } from 'express';
import type { Logger } from 'pino';
import { AppError } from '../../../shared/contract/errors.ts';
import type { AccountAuth, SignInFrom } from '../auth/account-auth.ts';
import type { OpenIdSignIn } from '../auth/openid-sign-in.ts';
import { sendError } from './http-replies.ts';
import { isNavigation } from './navigation.ts';

const callbackPath = '/session/openid/callback';
const ticketLifetimeMs = 10 * 60 * 1000;

export interface OpenIdRouteDeps {
  accounts: AccountAuth;
  openId: OpenIdSignIn;
  /** Name of the cookie that ties the way back to the browser that went. */
  cookieName: string;
  /** Address of the console as the browser knows it, without a slash at its end. */
  consoleBase(request: Request): string;
  fromOf(request: Request): SignInFrom;
  setCookie(request: Request, response: Response, secret: string): void;
  log: Logger;
}

/** `GET /session/openid` leads to the company's sign-in, which leads back to `/session/openid/callback`. */
export function addOpenIdRoutes(app: Express, deps: OpenIdRouteDeps): void {
  const { accounts, openId, cookieName, log } = deps;
  const ticketPattern = new RegExp(`(?:^|; *)${cookieName}=([A-Za-z0-9_-]{43})(?:;|$)`);
  // The way back starts at another site, to which a strict cookie would not be sent.
  const cookie = (request: Request) =>
    ({ httpOnly: true, sameSite: 'lax', secure: request.secure, path: '/' }) as const;

  /** Relative, so that it holds below a path of a proxy too. The sign-in page has the sentences. */
  function refuse(request: Request, response: Response, error: unknown, back: string): void {
    const isForbidden = error instanceof AppError && error.code === 'forbidden';
    log.warn({ err: error, address: deps.fromOf(request).address }, 'a sign-in with OpenID Connect failed');
    response.redirect(303, `${back}?refused=${isForbidden ? 'forbidden' : 'failed'}`);
  }

  app.get('/session/openid', async (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    if (!isNavigation(request)) {
      const message = 'A sign-in must be opened as a page, not loaded by another site.';
      return sendError(request.path, response, { code: 'forbidden', message });
    }
    try {
      const { url, ticket } = await openId.begin(`${deps.consoleBase(request)}${callbackPath}`);
      response.cookie(cookieName, ticket, { ...cookie(request), maxAge: ticketLifetimeMs });
      response.redirect(303, url);
    } catch (error) {
      refuse(request, response, error, '../');
    }
  });

  app.get(callbackPath, async (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.clearCookie(cookieName, cookie(request));
    try {
      const ticket = ticketPattern.exec(request.headers.cookie ?? '')?.[1] ?? '';
      const at = request.originalUrl.indexOf('?');
      const person = await openId.finish(ticket, at < 0 ? '' : request.originalUrl.slice(at));
      deps.setCookie(request, response, await accounts.signInCompany(person, deps.fromOf(request)));
      response.redirect(303, '../../');
    } catch (error) {
      refuse(request, response, error, '../../');
    }
  });
}
