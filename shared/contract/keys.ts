import { z } from 'zod';
import { call } from './call.ts';
import { timeSchema } from './common.ts';

export const keyAlgorithms = ['RS256', 'ES256'] as const;
export const keyAlgorithmSchema = z.enum(keyAlgorithms);
export type KeyAlgorithm = z.infer<typeof keyAlgorithmSchema>;

/** A key that answers are signed with; its private part never leaves the store. */
export const signingKeySchema = z.object({
  /** The `kid` in a token's header: the key's thumbprint (RFC 7638). */
  id: z.string(),
  algorithm: keyAlgorithmSchema,
  /** `previous` signs nothing more, but is still published for tokens on their way. */
  state: z.enum(['current', 'previous']),
  createdAt: timeSchema,
});
export type SigningKey = z.infer<typeof signingKeySchema>;

export const keyCalls = {
  /** Empty until the first key is needed. */
  'keys.list': call(
    z.strictObject({}),
    z.object({
      items: z.array(signingKeySchema),
      /** Where the public keys are, for those who check our answers. */
      jwksUrl: z.string(),
      /** `iss` of signed answers. */
      issuer: z.string(),
    }),
  ),
  /** Makes a new key; the one before stays published until the next rotation. */
  'keys.rotate': call(z.strictObject({ algorithm: keyAlgorithmSchema.optional() }), signingKeySchema),
};
