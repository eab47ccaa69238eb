import { createHmac } from 'node:crypto';
import { type Signer, unixSeconds } from './signer.ts';

const hmacHex = (secret: string, ...parts: (string | Buffer)[]): string => {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
};

export const github =
  (secret: string): Signer =>
  ({ id, eventType, body }) => [
    ['X-GitHub-Delivery', id],
    ['X-GitHub-Event', eventType.replace(/[^\x21-\x7e]/g, '?')],
    ['X-Hub-Signature-256', `sha256=${hmacHex(secret, body)}`],
  ];

export const stripe =
  (secrets: readonly string[]): Signer =>
  ({ atMs, body }) => {
    const timestamp = unixSeconds(atMs);
    const signatures = secrets.map((secret) => `v1=${hmacHex(secret, `${timestamp}.`, body)}`);
    return [['Stripe-Signature', [`t=${timestamp}`, ...signatures].join(',')]];
  };

export const slack =
  (secret: string): Signer =>
  ({ atMs, body }) => {
    const timestamp = unixSeconds(atMs);
    return [
      ['X-Slack-Request-Timestamp', timestamp],
      ['X-Slack-Signature', `v0=${hmacHex(secret, `v0:${timestamp}:`, body)}`],
    ];
  };
