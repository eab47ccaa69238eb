import { z } from 'zod';
import { AppError } from '../../shared/contract/errors.ts';
import { parseReply } from '../../shared/contract/reply.ts';

const waysSchema = z.object({ password: z.boolean(), token: z.boolean(), openId: z.boolean() });
/** What the sign-in page offers. */
export type SignInWays = z.infer<typeof waysSchema>;
const invitedSchema = z.object({ name: z.string() });

/** Signing in and out over HTTP, beside the console token. Rejects with AppError. */
export interface SessionPort {
  ways(): Promise<SignInWays>;
  signIn(name: string, password: string): Promise<void>;
  /** The name of the account that a one-time link is for. */
  invitedName(code: string): Promise<string>;
  join(code: string, password: string): Promise<void>;
  signOut(): Promise<void>;
}

/** What a server offers that cannot say. */
export const onlyToken: SignInWays = { password: false, token: true, openId: false };

async function replyValue(response: Response): Promise<unknown> {
  const reply = parseReply(await response.text().catch(() => ''));
  if (reply?.ok === false) throw new AppError(reply.error.code, reply.error.message);
  if (!response.ok) throw new AppError('unavailable', `Sign-in failed (HTTP ${response.status}).`);
  return reply?.value ?? null;
}

/** `send` asks the page's own server, and rejects with AppError when it cannot be reached. */
export function createSession(
  send: (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<Response>,
  onSignedIn: () => void,
): SessionPort {
  return {
    async ways() {
      const response = await send('GET', '/session/ways');
      // A server of before there were accounts.
      if (response.status === 404) return onlyToken;
      const ways = waysSchema.safeParse(await replyValue(response));
      return ways.success ? ways.data : onlyToken;
    },
    async signIn(name, password) {
      await replyValue(await send('POST', '/session', { name, password }));
      onSignedIn();
    },
    async invitedName(code) {
      return invitedSchema.parse(await replyValue(await send('POST', '/session/invitation', { code }))).name;
    },
    async join(code, password) {
      await replyValue(await send('POST', '/session/join', { code, password }));
    },
    async signOut() {
      await replyValue(await send('DELETE', '/session'));
    },
  };
}
