import { z } from 'zod';
import { call } from './call.ts';
import { okSchema, timeSchema } from './common.ts';

export const passkeyNameSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(80, 'must have at most 80 characters');

export const passkeySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Host name of the console that it was created for; it works under no other. */
  host: z.string(),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
});
export type Passkey = z.infer<typeof passkeySchema>;

const byId = z.strictObject({ id: z.string() });

/** Creating one needs a browser: `POST /session/passkeys`, see docs/api.md. */
export const passkeyCalls = {
  'account.passkeys': call(
    z.strictObject({}),
    z.object({
      items: z.array(passkeySchema),
      /** Whether the account has a password, which is asked for before a passkey is added. */
      hasPassword: z.boolean(),
    }),
  ),
  'account.renamePasskey': call(byId.extend({ name: passkeyNameSchema }), passkeySchema),
  /** Refused with `wrong_state` for the last passkey of an account without a password. */
  'account.removePasskey': call(byId, okSchema),
};
