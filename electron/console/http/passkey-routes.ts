import type { Express, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { lackOf } from '../../../shared/contract/access/caller.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { passkeyNameSchema } from '../../../shared/contract/passkeys.ts';
import { challengeLifetimeMs } from '../../accounts/passkey-challenges.ts';
import { type PasskeySite, passkeySite } from '../../accounts/passkey-site.ts';
import type { SignInFrom } from '../../accounts/who.ts';
import type { BegunPasskey, PasskeyAuth } from '../auth/passkey-auth.ts';
import { secretCookie } from '../auth/secret-cookie.ts';
import type { Identity, Refused } from '../auth/verdict.ts';
import { sendJson } from './http-replies.ts';
import { authenticationResponseSchema, registrationResponseSchema } from './passkey-responses.ts';

const codeSchema = z.string().min(1).max(100);
const beginSchema = z.union([
  z.strictObject({ code: codeSchema }),
  z.strictObject({ password: z.string().max(256) }),
  z.strictObject({}),
]);
const createdSchema = z.strictObject({
  code: codeSchema.optional(),
  name: passkeyNameSchema,
  response: registrationResponseSchema,
});

export interface PasskeyRouteDeps {
  passkeys: PasskeyAuth;
  /** Name of the cookie that ties a browser's answer to its challenge. */
  cookieName: string;
  readBody: RequestHandler;
  /** Address of the console as the browser knows it, without a slash at its end. */
  consoleBase(request: Request): string;
  cookie(request: Request): { httpOnly: true; sameSite: 'strict'; secure: boolean; path: string };
  fromOf(request: Request): SignInFrom;
  /** Null, with the response sent, when nobody is signed in. */
  identify(request: Request, response: Response): Promise<Identity | null>;
  refuse(request: Request, response: Response, verdict: Refused): void;
  setCookie(request: Request, response: Response, secret: string): void;
}

/**
 * `POST /session/passkey/options` and `/session/passkey` sign in; `POST /session/passkeys/options` and `/session/passkeys` create a
 * passkey: with `code` for the account of a one-time link, else for the account that is signed in. Here and not among the calls,
 * since a passkey belongs to the address under which the browser sees the console.
 */
export function addPasskeyRoutes(app: Express, deps: PasskeyRouteDeps): void {
  const { passkeys, cookieName, readBody, cookie, fromOf } = deps;
  const ticketOf = secretCookie(cookieName);

  function siteOf(request: Request): PasskeySite {
    const site = passkeySite(deps.consoleBase(request));
    if ('problem' in site) throw new AppError('wrong_state', site.problem);
    return site;
  }

  function read<T extends z.ZodType>(schema: T, request: Request): z.output<T> {
    const given = schema.safeParse(request.body ?? {});
    if (given.success) return given.data;
    throw new AppError(
      'invalid_input',
      'The browser sent something else than a passkey. Reload the page and try again.',
    );
  }

  function sendOptions(request: Request, response: Response, { options, ticket }: BegunPasskey): void {
    response.cookie(cookieName, ticket, { ...cookie(request), maxAge: challengeLifetimeMs });
    sendJson(response, 200, JSON.stringify({ ok: true, value: options }));
  }

  function takeTicket(request: Request, response: Response): string {
    response.clearCookie(cookieName, cookie(request));
    return ticketOf(request) ?? '';
  }

  /** The caller who creates a passkey for the own account. */
  async function owner(request: Request, response: Response): Promise<Identity | null> {
    const identity = await deps.identify(request, response);
    if (identity === null) return null;
    const lack = lackOf(identity.caller, 'own');
    if (lack === null) return identity;
    throw new AppError('forbidden', `A passkey ${lack}.`);
  }

  app.post('/session/passkey/options', readBody, async (request, response) => {
    const site = siteOf(request);
    sendOptions(request, response, await passkeys.beginSignIn(site, fromOf(request).address));
  });

  app.post('/session/passkey', readBody, async (request, response) => {
    const site = siteOf(request);
    const ticket = takeTicket(request, response);
    const given = read(authenticationResponseSchema, request);
    const verdict = await passkeys.signIn(site, ticket, given, fromOf(request));
    if (!verdict.granted) return deps.refuse(request, response, verdict);
    deps.setCookie(request, response, verdict.value);
    sendJson(response, 200, '{"ok":true,"value":null}');
  });

  app.post('/session/passkeys/options', readBody, async (request, response) => {
    const site = siteOf(request);
    const given = read(beginSchema, request);
    if ('code' in given) {
      return sendOptions(request, response, await passkeys.beginJoin(site, given.code, fromOf(request).address));
    }
    const identity = await owner(request, response);
    if (identity === null) return;
    const password = 'password' in given ? given.password : '';
    sendOptions(request, response, await passkeys.beginAdd(site, identity.caller, password));
  });

  app.post('/session/passkeys', readBody, async (request, response) => {
    const site = siteOf(request);
    const ticket = takeTicket(request, response);
    const { code, ...created } = read(createdSchema, request);
    if (code !== undefined) {
      const verdict = await passkeys.join(site, ticket, code, created, fromOf(request));
      if (!verdict.granted) return deps.refuse(request, response, verdict);
      deps.setCookie(request, response, verdict.value);
      return sendJson(response, 200, '{"ok":true,"value":null}');
    }
    const identity = await owner(request, response);
    if (identity === null) return;
    const value = await passkeys.add(site, ticket, identity.caller, created);
    sendJson(response, 200, JSON.stringify({ ok: true, value }));
  });
}
