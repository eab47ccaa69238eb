import { z } from 'zod';
import { httpBatchSchema } from './batches.ts';
import { jsonSchema, secretRefSchema } from './common.ts';
import { durationSchema } from './duration.ts';
import { fieldPathSchema } from './field-path.ts';

const isHttp = ({ protocol, username, password }: URL): boolean =>
  (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';

/** `https://…`; `http://…` only for addresses inside the own network. No credentials: `sign` has those. */
export const destinationUrlSchema = z
  .string()
  .max(2048, 'must be at most 2048 characters')
  .refine(
    (text) => URL.canParse(text) && isHttp(new URL(text)),
    'must be an address that starts with https:// or http://',
  );

const headerNameSchema = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'must be the name of an HTTP header');
const headerValueSchema = z
  .string()
  .max(8192)
  .regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII on one line');

const secrets = z.array(secretRefSchema).min(1).max(4);

/** How a request proves who sent it. `secrets`: the first is the current one; the request is signed with each. */
export const signSchema = z.discriminatedUnion('scheme', [
  /** Secrets: `whsec_…` (HMAC-SHA256) or `whsk_…` (Ed25519), in base64. */
  z.strictObject({ scheme: z.literal('standard-webhooks'), secrets }),
  z.strictObject({ scheme: z.literal('github'), secret: secretRefSchema }),
  z.strictObject({ scheme: z.literal('stripe'), secrets }),
  z.strictObject({ scheme: z.literal('slack'), secret: secretRefSchema }),
  z.strictObject({ scheme: z.literal('basic'), username: z.string().max(500), password: secretRefSchema }),
  z.strictObject({ scheme: z.literal('bearer'), token: secretRefSchema }),
  /** Client credentials; the token is kept until it expires. */
  z.strictObject({
    scheme: z.literal('oauth2'),
    tokenUrl: destinationUrlSchema,
    clientId: z.string().min(1).max(500),
    clientSecret: secretRefSchema,
    scope: z.string().max(1000).optional(),
    audience: z.string().max(1000).optional(),
  }),
  /** A client certificate, PEM. */
  z.strictObject({ scheme: z.literal('mtls'), certificate: secretRefSchema, key: secretRefSchema }),
  /** A bearer token signed by this installation's key; receivers verify it with `/.well-known/jwks.json`. */
  z.strictObject({
    scheme: z.literal('jwt'),
    audience: z.string().max(1000).optional(),
    expiresIn: durationSchema(1000, 86_400_000).optional(),
  }),
]);
export type Sign = z.infer<typeof signSchema>;

/** One scheme or several, as a list. */
export function signsOf(sign: Sign | readonly Sign[] | undefined): readonly Sign[] {
  if (sign === undefined) return [];
  return 'scheme' in sign ? [sign] : sign;
}

/** A scheme that signs with each of several secrets, so that one can be rotated without a gap. */
export const takesSeveralSecrets = (sign: Sign): sign is Extract<Sign, { secrets: unknown }> => 'secrets' in sign;

/**
 * What is sent. `event`: the event document; `payload`: its payload; `cloudevents` and `cloudevents-binary`: a CloudEvent;
 * `received`: body and headers as the sender sent them; `template`: JSON in which texts such as `$.payload.id` stand for
 * values of the event document, or a text with `{$.payload.id}` in it.
 */
export const httpBodySchema = z.union([
  z.enum(['event', 'payload', 'cloudevents', 'cloudevents-binary', 'received']),
  z.strictObject({ template: jsonSchema }),
]);
export type HttpBody = z.infer<typeof httpBodySchema>;

export const httpShape = {
  kind: z.literal('http'),
  url: destinationUrlSchema,
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE', 'GET']).optional(),
  /** Values may have `{secret:NAME}` in them, with a name of `secrets`. */
  headers: z.record(headerNameSchema, headerValueSchema).optional(),
  body: httpBodySchema.optional(),
  sign: z.union([signSchema, z.array(signSchema).min(1).max(4)]).optional(),
  /** Certificate authority to trust instead of the usual ones, PEM. */
  ca: secretRefSchema.optional(),
  /** Addresses of this machine and of private networks may be reached. Metadata services of clouds never are. */
  allowPrivate: z.boolean().optional(),
  /** How many redirects are followed; each address is checked. */
  redirects: z.number().int().min(0).max(5).optional(),
  /**
   * Waits before each further attempt, ± 20 %: `default` is 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. Without
   * it, `attempts` and `backoff` count where they are set.
   */
  retries: z.union([z.enum(['default', 'none']), z.array(durationSchema(0, 7 * 86_400_000)).max(50)]).optional(),
  /** Requests a second. */
  rate: z.strictObject({ perSecond: z.number().positive().max(10_000) }).optional(),
  /** Events with the same value at this path, such as `payload.id`, are sent one after the other, oldest first. */
  order: z.strictObject({ by: fieldPathSchema }).optional(),
  /** Sends several events in one request, as a list; not with `cloudevents-binary` and `received`. */
  batch: httpBatchSchema.optional(),
  /** What makes a new destination active: nothing, a 2xx to a test event, or a challenge that it answers. */
  verification: z.enum(['none', 'status', 'challenge']).optional(),
};

export const httpDefaults = {
  method: 'POST',
  body: 'event',
  concurrency: 16,
  queue: 1_000_000,
  timeout: '30s',
  redirects: 0,
  verification: 'none',
  retries: ['5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'],
} as const;
