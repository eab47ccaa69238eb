import { createHmac, createPrivateKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type Signer, unixSeconds } from './signer.ts';

/** PKCS #8 of an Ed25519 key, before its 32 bytes (RFC 8410). */
const pkcs8Start = Buffer.from('302e020100300506032b657004220420', 'hex');

/** `whsk_…`: the 32 bytes of the private key, or those and the public key. */
function readPrivateKey(text: string): KeyObject {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32 && bytes.length !== 64) {
    throw new Error(`a whsk_ key has 32 or 64 bytes in base64; this one has ${bytes.length}`);
  }
  return createPrivateKey({ key: Buffer.concat([pkcs8Start, bytes.subarray(0, 32)]), format: 'der', type: 'pkcs8' });
}

function compileSecret(secret: string): (content: Buffer) => string {
  if (secret.startsWith('whsk_')) {
    const key = readPrivateKey(secret.slice('whsk_'.length));
    return (content) => `v1a,${sign(null, content, key).toString('base64')}`;
  }
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (bytes.length === 0) throw new Error('a whsec_ secret has bytes in base64 after its prefix');
  return (content) => `v1,${createHmac('sha256', bytes).update(content).digest('base64')}`;
}

/** `whsec_` and 32 random bytes in base64. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** Standard Webhooks: each secret gives a signature, so that receivers may change over from one to the other. */
export function standardWebhooks(secrets: readonly string[]): Signer {
  const compiled = secrets.map(compileSecret);
  return ({ id, atMs, body }) => {
    const timestamp = unixSeconds(atMs);
    const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
    return [
      ['webhook-id', id],
      ['webhook-timestamp', timestamp],
      ['webhook-signature', compiled.map((signWith) => signWith(content)).join(' ')],
    ];
  };
}
