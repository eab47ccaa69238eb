import type { SecretRef } from '../../../shared/contract/common.ts';
import { durationMs } from '../../../shared/contract/duration.ts';
import { type Sign, signsOf } from '../../../shared/contract/http-jobs.ts';
import type { Connections } from '../../outgoing/http-request.ts';
import { createAccessTokens } from './access-token.ts';
import type { Signer } from './signer.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { github, slack, stripe } from './vendor-signatures.ts';

export interface SignerDeps {
  readSecret: (ref: SecretRef) => string;
  /** Signs with this installation's key. */
  signToken: (claims: Record<string, string | number>) => Promise<string>;
  connections: Connections;
  nowMs: () => number;
}

export interface Signers {
  sign: Signer;
  /** The destination has refused what proved who sends. */
  onUnauthorized(): void;
}

const defaultTokenLife = '5m';

/** All schemes of a job, in their order. Throws an Error for people when a secret is of no use. */
export function compileSigners(sign: Sign | readonly Sign[] | undefined, deps: SignerDeps): Signers {
  const drops: (() => void)[] = [];
  const signers = signsOf(sign).map((one) => compileOne(one, deps, drops));
  return {
    async sign(request) {
      const headers: [string, string][] = [];
      for (const signer of signers) headers.push(...(await signer(request)));
      return headers;
    },
    onUnauthorized() {
      for (const drop of drops) drop();
    },
  };
}

function compileOne(
  one: Sign,
  { readSecret, signToken, connections, nowMs }: SignerDeps,
  drops: (() => void)[],
): Signer {
  switch (one.scheme) {
    case 'standard-webhooks':
      return standardWebhooks(one.secrets.map(readSecret));
    case 'stripe':
      return stripe(one.secrets.map(readSecret));
    case 'github':
      return github(readSecret(one.secret));
    case 'slack':
      return slack(readSecret(one.secret));
    case 'basic': {
      const credentials = Buffer.from(`${one.username}:${readSecret(one.password)}`).toString('base64');
      return () => [['Authorization', `Basic ${credentials}`]];
    }
    case 'bearer': {
      const token = readSecret(one.token).trim();
      return () => [['Authorization', `Bearer ${token}`]];
    }
    case 'oauth2': {
      const tokens = createAccessTokens(one, readSecret(one.clientSecret), connections, nowMs);
      drops.push(tokens.drop);
      return tokens.sign;
    }
    case 'jwt': {
      const lifeMs = durationMs(one.expiresIn ?? defaultTokenLife);
      return async ({ id, atMs }) => {
        const claims = { jti: id, exp: Math.floor((atMs + lifeMs) / 1000) };
        const token = await signToken(one.audience === undefined ? claims : { ...claims, aud: one.audience });
        return [['Authorization', `Bearer ${token}`]];
      };
    }
    case 'mtls':
      // The connection itself has the certificate.
      return () => [];
  }
}
