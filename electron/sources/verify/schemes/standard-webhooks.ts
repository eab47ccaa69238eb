import {
  createHmac,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  randomUUID,
  verify as verifySignature,
} from 'node:crypto';
import { z } from 'zod';
import { durationMs } from '../../../../shared/contract/duration.ts';
import { AppError } from '../../../../shared/contract/errors.ts';
import type { Verification } from '../../../../shared/contract/events.ts';
import { isSameMac } from '../compare.ts';
import { withAllValues } from '../repeated-headers.ts';
import { checkSecretShape, createSecretList, secretFields, secretShape } from '../secret-list.ts';
import { decodeSignature } from '../signature-text.ts';
import { checkTime, signedHeaderCodes, toleranceField, toleranceSchema } from '../tolerance.ts';
import { defineScheme } from '../verify-scheme.ts';

const schema = z
  .strictObject({
    scheme: z.literal('standard-webhooks'),
    tolerance: toleranceSchema.default('5m'),
    ...secretShape,
  })
  .superRefine(checkSecretShape);

type Key = { version: 'v1'; secret: KeyObject } | { version: 'v1a'; publicKey: KeyObject };

/** RFC 8410 section 4: what precedes the 32 bytes of an Ed25519 public key in its DER form. */
const ed25519Der = Buffer.from('302a300506032b6570032100', 'hex');

function deriveKey(text: string): Key {
  const secret = text.trim();
  if (secret.startsWith('whpk_')) {
    const bytes = decodeSignature(secret.slice(5), 'base64');
    if (bytes?.length !== 32) {
      throw new AppError('unavailable', 'the public key after "whpk_" is not 32 bytes in base64');
    }
    return {
      version: 'v1a',
      publicKey: createPublicKey({ key: Buffer.concat([ed25519Der, bytes]), format: 'der', type: 'spki' }),
    };
  }
  const bytes = decodeSignature(secret.startsWith('whsec_') ? secret.slice(6) : secret, 'base64');
  if (bytes === null) throw new AppError('unavailable', 'the secret is not base64, with or without "whsec_" before it');
  return { version: 'v1', secret: createSecretKey(bytes) };
}

export interface WebhookHeaders {
  id: string;
  timestamp: string;
  signature: string;
}

/** The three headers under either of their names: `webhook-…` by the specification, `svix-…` by its first sender. */
export function readWebhookHeaders(headers: Readonly<Record<string, string>>): Partial<WebhookHeaders> {
  const family = headers['webhook-id'] === undefined && headers['svix-id'] !== undefined ? 'svix' : 'webhook';
  return {
    id: headers[`${family}-id`],
    timestamp: headers[`${family}-timestamp`],
    signature: headers[`${family}-signature`],
  };
}

const signatureHeaders = ['webhook-signature', 'svix-signature'];

/** Signatures by version. More than 16 are not looked at: an Ed25519 check costs a hundred HMACs. */
export function parseSignatures(header: string): { v1: Buffer[]; v1a: Buffer[] } {
  const found: { v1: Buffer[]; v1a: Buffer[] } = { v1: [], v1a: [] };
  for (const entry of header.split(/[ ]+/, 16)) {
    const comma = entry.indexOf(',');
    const version = entry.slice(0, comma);
    if (comma === -1 || (version !== 'v1' && version !== 'v1a')) continue;
    // A header sent twice is joined by ", ", which leaves a comma behind the entry before.
    const bytes = decodeSignature(entry.slice(comma + 1).replace(/,$/, ''), 'base64');
    if (bytes !== null) found[version].push(bytes);
  }
  return found;
}

/** Bytes that are signed: the id and the time exactly as the headers give them. */
const signedPrefix = (id: string, timestamp: string): Buffer => Buffer.from(`${id}.${timestamp}.`, 'latin1');

/**
 * Standard Webhooks 1.0. Our own because the library of that name reads the body as text (bytes that are not UTF-8
 * would change under it), has a fixed tolerance, one secret, no `v1a`, and hashes in JavaScript; it is the tests'
 * counterpart.
 */
export const standardWebhooks = defineScheme({
  id: 'standard-webhooks',
  label: 'Standard Webhooks',
  schema,
  fields: [...secretFields('Secret'), toleranceField('5m')],
  prepare(settings, readSecret) {
    const toleranceMs = durationMs(settings.tolerance);
    const secrets = createSecretList(settings, readSecret, deriveKey);
    const verifications = Array.from({ length: secrets.count }, (_, i): Record<Key['version'], Verification> => {
      const rest = i === 0 ? '' : `, secret ${i + 1}`;
      return {
        v1: { state: 'verified', scheme: 'standard-webhooks', detail: `v1${rest}` },
        v1a: { state: 'verified', scheme: 'standard-webhooks', detail: `v1a${rest}` },
      };
    });

    return {
      verify(request) {
        const { id, timestamp, signature } = readWebhookHeaders(withAllValues(request, signatureHeaders));
        if (!id || !timestamp || !signature) {
          const missing = [!id && 'webhook-id', !timestamp && 'webhook-timestamp', !signature && 'webhook-signature'];
          const names = missing.filter((name) => typeof name === 'string').join(', ');
          return {
            ok: false,
            code: 'signature_missing',
            message: `missing: ${names} (the same names with svix- would do as well)`,
          };
        }
        const untimely = checkTime(timestamp, request.receivedAtMs, toleranceMs);
        if (untimely !== null) return { ok: false, ...untimely };
        const given = parseSignatures(signature);
        if (given.v1.length === 0 && given.v1a.length === 0) {
          return {
            ok: false,
            code: 'signature_malformed',
            message: 'the signature header holds no "v1," or "v1a," followed by base64',
          };
        }
        const prefix = signedPrefix(id, timestamp);
        let version: Key['version'] = 'v1';
        const found = secrets.find((key) => {
          version = key.version;
          if (key.version === 'v1') {
            if (given.v1.length === 0) return false;
            const expected = createHmac('sha256', key.secret).update(prefix).update(request.body).digest();
            return given.v1.some((candidate) => isSameMac(candidate, expected));
          }
          const content = given.v1a.length === 0 ? prefix : Buffer.concat([prefix, request.body]);
          return given.v1a.some((candidate) => verifySignature(null, content, key.publicKey, candidate));
        });
        const verification = verifications[found]?.[version];
        if (verification !== undefined) return { ok: true, verification };
        return {
          ok: false,
          code: 'signature_mismatch',
          message:
            `none of the signatures matches the id, the timestamp and the ${request.body.length} bytes of the body: ` +
            'check that both sides have the same secret and that nothing on the way changes the body',
        };
      },
      sign({ body, nowMs }) {
        const key = secrets.first();
        if (key.version !== 'v1') return null;
        const id = `msg_${randomUUID()}`;
        const timestamp = String(Math.floor(nowMs / 1000));
        const mac = createHmac('sha256', key.secret).update(signedPrefix(id, timestamp)).update(body).digest('base64');
        return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
      },
      problem: secrets.problem,
      challenge: 'StandardWebhooks',
      isOpen: false,
      codesWithoutBody: signedHeaderCodes,
      masking: {
        clearHeaders: [],
        clearQuery: [],
        keepHeaders: signatureHeaders,
      },
    };
  },
});
