import type { Express, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { describeIssue, issueDetails } from '../../../shared/contract/explain-issues.ts';
import { passwordSchema } from '../../../shared/contract/operators.ts';
import { type PasskeySite, passkeySite } from '../../accounts/passkey-site.ts';
import type { SignInFrom } from '../../accounts/who.ts';
import type { AccountAuth } from '../auth/account-auth.ts';
import type { SignInWays } from '../auth/http-auth.ts';
import type { Refused } from '../auth/verdict.ts';
import { sendError, sendJson } from './http-replies.ts';

const codeSchema = z.object({ code: z.string().min(1).max(100) });
const joinSchema = codeSchema.extend({ password: passwordSchema });

const problemOf = (site: PasskeySite | { problem: string }): string | null => ('problem' in site ? site.problem : null);

export interface AccountRouteDeps {
  accounts: AccountAuth;
  ways(): SignInWays;
  /** Address of the console as the browser knows it. */
  consoleBase(request: Request): string;
  readBody: RequestHandler;
  fromOf(request: Request): SignInFrom;
  refuse(request: Request, response: Response, verdict: Refused): void;
  setCookie(request: Request, response: Response, secret: string): void;
}

/**
 * What the sign-in page asks before anybody is signed in: which ways in there are, whom a one-time link is for and why it
 * can create no passkey here, and the password set with it. The link's code is in the address's fragment, which no proxy sees, and opening it alone uses nothing up.
 */
export function addAccountRoutes(app: Express, deps: AccountRouteDeps): void {
  const { accounts, readBody, refuse } = deps;

  app.get('/session/ways', (request, response) => {
    const site = passkeySite(deps.consoleBase(request));
    const passkey = !('problem' in site) && accounts.passkeys.hasAnyFor(site);
    sendJson(
      response,
      200,
      JSON.stringify({ ok: true, value: { ...deps.ways(), passkey, passkeyProblem: problemOf(site) } }),
    );
  });

  app.post('/session/invitation', readBody, (request, response) => {
    const given = codeSchema.safeParse(request.body);
    const name = given.success ? accounts.invited(given.data.code) : null;
    if (name !== null) {
      const value = { name, passkeyProblem: problemOf(passkeySite(deps.consoleBase(request))) };
      return sendJson(response, 200, JSON.stringify({ ok: true, value }));
    }
    const message = 'This link has been used or has expired. Ask an administrator for a new one.';
    sendError(request.path, response, { code: 'not_found', message });
  });

  app.post('/session/join', readBody, async (request, response) => {
    const given = joinSchema.safeParse(request.body, { error: describeIssue });
    if (!given.success) {
      const details = issueDetails(given.error.issues);
      const message = `The password ${details.find(({ path }) => path[0] === 'password')?.message ?? 'is missing'}.`;
      return sendError(request.path, response, { code: 'invalid_input', message, details });
    }
    const verdict = await accounts.join(given.data.code, given.data.password, deps.fromOf(request));
    if (!verdict.granted) return refuse(request, response, verdict);
    deps.setCookie(request, response, verdict.value);
    sendJson(response, 200, '{"ok":true,"value":null}');
  });
}
