import { z } from 'zod';
import type { Sign } from '../../../shared/contract/http-jobs.ts';
import { type Connections, sendRequest } from '../../outgoing/http-request.ts';
import type { Signer } from './signer.ts';

const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional(),
});

const timeoutMs = 10_000;
const maxBytes = 64 * 1024;
/** A token is renewed this long before it expires, and used for an hour where the server does not say how long it lasts. */
const earlyMs = 30_000;
const unknownLifeMs = 3_600_000;
/** Until a server that gave none is asked again. */
const pauseMs = 2000;

export interface AccessTokens {
  sign: Signer;
  /** The token was refused: the next request asks for another one. */
  drop(): void;
}

/** OAuth 2 client credentials (RFC 6749 section 4.4): one token for all requests until it expires. */
export function createAccessTokens(
  spec: Extract<Sign, { scheme: 'oauth2' }>,
  clientSecret: string,
  connections: Connections,
  nowMs: () => number,
): AccessTokens {
  const url = new URL(spec.tokenUrl);
  let token: { text: string; untilMs: number } | null = null;
  let asking: Promise<string> | null = null;
  let failed: { error: Error; untilMs: number } | null = null;

  async function ask(): Promise<string> {
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (spec.scope !== undefined) form.set('scope', spec.scope);
    if (spec.audience !== undefined) form.set('audience', spec.audience);
    // RFC 6749 section 2.3.1: both are encoded as in a form before they are put together.
    const encode = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');
    const credentials = Buffer.from(`${encode(spec.clientId)}:${encode(clientSecret)}`).toString('base64');
    const answer = await sendRequest(connections, {
      url,
      method: 'POST',
      headers: [
        ['Accept', 'application/json'],
        ['Authorization', `Basic ${credentials}`],
        ['Content-Type', 'application/x-www-form-urlencoded'],
      ],
      body: Buffer.from(form.toString()),
      redirects: 0,
      maxBytes,
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.status !== 200) throw new Error(`${url.host} gave no access token: it answered ${answer.status}`);
    const parsed = tokenSchema.safeParse(readJson(answer.body));
    if (!parsed.success) throw new Error(`${url.host} gave no access token: its answer has no access_token`);
    const { access_token: text, expires_in: seconds } = parsed.data;
    const lifeMs = seconds === undefined ? unknownLifeMs : seconds * 1000;
    token = { text, untilMs: nowMs() + Math.max(lifeMs - earlyMs, lifeMs / 2) };
    failed = null;
    return text;
  }

  async function current(): Promise<string> {
    if (token !== null && token.untilMs > nowMs()) return token.text;
    if (failed !== null && failed.untilMs > nowMs()) throw failed.error;
    asking ??= ask()
      .catch((cause: unknown) => {
        const error = cause instanceof Error ? cause : new Error(String(cause));
        failed = { error, untilMs: nowMs() + pauseMs };
        throw error;
      })
      .finally(() => {
        asking = null;
      });
    return await asking;
  }

  return {
    sign: async () => [['Authorization', `Bearer ${await current()}`]],
    drop() {
      token = null;
    },
  };
}

function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
