import type { Express, Request, Response } from 'express';
import type { Logger } from 'pino';
import { AppError } from '../../../shared/contract/errors.ts';
import type { SignInFrom } from '../../accounts/who.ts';
import type { AccountAuth } from '../auth/account-auth.ts';
import { type OpenIdSignIn, ticketLifetimeMs } from '../auth/openid-sign-in.ts';
import { secretCookie } from '../auth/secret-cookie.ts';
import { sendError } from './http-replies.ts';
import { isNavigation } from './navigation.ts';

const callbackPath = '/session/openid/callback';

export interface OpenIdRouteDeps {
  accounts: AccountAuth;
  openId: OpenIdSignIn;
  /** Name of the cookie that ties the callback to the browser that began the sign-in. */
  cookieName: string;
  /** Address of the console as the browser knows it, without a slash at its end. */
  consoleBase(request: Request): string;
  fromOf(request: Request): SignInFrom;
  setCookie(request: Request, response: Response, secret: string): void;
  log: Logger;
}

/** `GET /session/openid` redirects to the provider, which redirects back to `/session/openid/callback`. */
export function addOpenIdRoutes(app: Express, deps: OpenIdRouteDeps): void {
  const { accounts, openId, cookieName, log } = deps;
  const ticketOf = secretCookie(cookieName);
  // The callback is a navigation from another site: browsers would not send a strict cookie.
  const cookie = (request: Request) =>
    ({ httpOnly: true, sameSite: 'lax', secure: request.secure, path: '/' }) as const;

  /** Relative, so that it works below a proxy's path too. The sign-in page explains the reason. */
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
      const ticket = ticketOf(request) ?? '';
      const at = request.originalUrl.indexOf('?');
      const person = await openId.finish(ticket, at < 0 ? '' : request.originalUrl.slice(at));
      deps.setCookie(request, response, await accounts.signInCompany(person, deps.fromOf(request)));
      response.redirect(303, '../../');
    } catch (error) {
      refuse(request, response, error, '../../');
    }
  });
}
