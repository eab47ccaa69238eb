import { z } from 'zod';
import type { SignIn } from '../../../shared/contract/desktop.ts';
import { AppError, errorSchema } from '../../../shared/contract/errors.ts';
import type { Fetch } from './server-fetch.ts';

/** What opens a server: a token, or the session of a person who signed in by name. */
export const credentialSchema = z.union([z.object({ token: z.string() }), z.object({ cookie: z.string() })]);
export type Credential = z.infer<typeof credentialSchema>;

/**
 * The console takes requests of a browser's network from its own pages alone, by what they say of their origin. This window
 * stands for such a page: without an origin, Chromium would call each request one of another site.
 */
export const credentialHeaders = (address: string, credential: Credential): Record<string, string> => ({
  origin: new URL(address).origin,
  ...('token' in credential ? { authorization: `Bearer ${credential.token}` } : { cookie: credential.cookie }),
});

const refusalSchema = z.object({ error: errorSchema });

/** The session's cookie, `name=value`; there is one. */
const cookieOf = (response: Response): string | null =>
  /^(signalbox[A-Za-z0-9_-]*=[A-Za-z0-9_-]+)(?:;|$)/.exec(response.headers.getSetCookie()[0] ?? '')?.[1] ?? null;

/** Trades a name and password for a session; a token is what it is. Throws AppError with what the server says. */
export async function requestCredential(fetch: Fetch, address: string, given: SignIn): Promise<Credential> {
  if ('token' in given) return given;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${address}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(address).origin },
      body: JSON.stringify(given),
      signal: AbortSignal.timeout(30_000),
    });
    text = await response.text();
  } catch {
    throw new AppError('unavailable', `${address} does not respond. Check the address and that the server runs.`);
  }
  const cookie = response.ok ? cookieOf(response) : null;
  if (cookie !== null) return { cookie };
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    raw = null;
  }
  const refusal = refusalSchema.safeParse(raw);
  if (refusal.success) throw new AppError(refusal.data.error.code, refusal.data.error.message);
  throw new AppError('unavailable', `${address} does not respond as a Signalbox (HTTP ${response.status}).`);
}

/** Ends the session of a connection that is removed. A server that does not respond ends it by its age. */
export async function endSession(fetch: Fetch, address: string, credential: Credential): Promise<void> {
  if ('token' in credential) return;
  await fetch(`${address}/session`, {
    method: 'DELETE',
    headers: credentialHeaders(address, credential),
    signal: AbortSignal.timeout(10_000),
  });
}
