import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { z } from 'zod';
import { AppError } from '../../shared/contract/errors.ts';
import { parseReply } from '../../shared/contract/reply.ts';
import { createInBrowser, signInBrowser } from './passkeys.ts';

const waysSchema = z.object({
  password: z.boolean(),
  token: z.boolean(),
  openId: z.boolean(),
  /** Somebody has a passkey for this address. */
  passkey: z.boolean().default(false),
  /** Why browsers offer none under this address. */
  passkeyProblem: z.string().nullable().default(null),
});
/** What the sign-in page offers. */
export type SignInWays = z.infer<typeof waysSchema>;
const invitedSchema = z.object({ name: z.string(), passkeyProblem: z.string().nullable() });
export type Invited = z.infer<typeof invitedSchema>;
/** The server makes them with the library whose other half reads them here. */
const creationOptions = z.custom<PublicKeyCredentialCreationOptionsJSON>((value) => typeof value === 'object');
const requestOptions = z.custom<PublicKeyCredentialRequestOptionsJSON>((value) => typeof value === 'object');

/** Signing in and out over HTTP, beside the console token. Rejects with AppError. */
export interface SessionPort {
  ways(): Promise<SignInWays>;
  signIn(name: string, password: string): Promise<void>;
  signInWithPasskey(): Promise<void>;
  /** The account that a one-time link is for. */
  invited(code: string): Promise<Invited>;
  /** For the account of a one-time link, or for the own one with its current password. */
  createPasskey(owner: { code: string } | { password: string }, name: string): Promise<void>;
  join(code: string, password: string): Promise<void>;
  signOut(): Promise<void>;
}

/** What a server offers that cannot say. */
export const onlyToken: SignInWays = {
  password: false,
  token: true,
  openId: false,
  passkey: false,
  passkeyProblem: null,
};

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
    async signInWithPasskey() {
      const options = requestOptions.parse(await replyValue(await send('POST', '/session/passkey/options', {})));
      await replyValue(await send('POST', '/session/passkey', await signInBrowser(options)));
    },
    async invited(code) {
      return invitedSchema.parse(await replyValue(await send('POST', '/session/invitation', { code })));
    },
    async createPasskey(owner, name) {
      const options = creationOptions.parse(await replyValue(await send('POST', '/session/passkeys/options', owner)));
      const response = await createInBrowser(options);
      const { code } = { code: undefined, ...owner };
      await replyValue(await send('POST', '/session/passkeys', { code, name, response }));
    },
    async join(code, password) {
      await replyValue(await send('POST', '/session/join', { code, password }));
    },
    async signOut() {
      await replyValue(await send('DELETE', '/session'));
    },
  };
}
