import { z } from 'zod';
import { vias } from './access/caller.ts';
import { permissions, roleSchema } from './access/roles.ts';
import { call } from './call.ts';
import { okSchema, timeSchema } from './common.ts';

const tidyName = (name: string): string => name.normalize('NFKC').trim().replace(/ +/g, ' ');

/** Names with the same key are the same: case, width, composition and repeated spaces are ignored. */
export const accountNameKey = (name: string): string => tidyName(name).toLowerCase().normalize('NFKC');

/** The name to sign in with; compared with accountNameKey. */
export const accountNameSchema = z
  .string()
  .overwrite(tidyName)
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,79}$/u,
    'must be 1 to 80 letters, digits, spaces, dots, hyphens, underscores, @ or +, and start with a letter or digit',
  );

export const minPasswordChars = 10;
export const passwordSchema = z
  .string()
  .min(minPasswordChars, `must have at least ${minPasswordChars} characters`)
  .max(256, 'must have at most 256 characters');

export const operatorSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  mayApprove: z.boolean(),
  /** `invited`: no password or passkey is set yet. */
  state: z.enum(['active', 'invited', 'disabled']),
  /** How they sign in; `password`: or a passkey; `company`: OpenID Connect or a reverse proxy. */
  signIn: z.enum(['password', 'company']),
  createdAt: timeSchema,
  lastSeenAt: timeSchema.nullable(),
  sessions: z.number().int(),
  apiTokens: z.number().int(),
});
export type Operator = z.infer<typeof operatorSchema>;

/** Sets the password or a passkey of an account, once, within 24 hours. Anyone with the link can sign in. */
export const oneTimeLinkSchema = z.object({
  /** For a browser that reaches the console directly; null: the console has no address for browsers. */
  url: z.string().nullable(),
  /** The same through the proxy, where there is one. */
  publicUrl: z.string().nullable(),
  expiresAt: timeSchema,
});
export type OneTimeLink = z.infer<typeof oneTimeLinkSchema>;

export const sessionSchema = z.object({
  id: z.string(),
  address: z.string(),
  /** The User-Agent of the browser. */
  browser: z.string(),
  createdAt: timeSchema,
  lastUsedAt: timeSchema,
  expiresAt: timeSchema,
  /** The session that makes this call. */
  isCurrent: z.boolean(),
});
export type Session = z.infer<typeof sessionSchema>;

export const apiTokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  mayApprove: z.boolean(),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
  expiresAt: timeSchema,
});
export type ApiToken = z.infer<typeof apiTokenSchema>;

const name = z.strictObject({ name: accountNameSchema });
const withLink = z.object({ operator: operatorSchema, link: oneTimeLinkSchema });

export const operatorCalls = {
  'operators.list': call(z.strictObject({}), z.object({ items: z.array(operatorSchema) })),
  'operators.add': call(name.extend({ role: roleSchema, mayApprove: z.boolean().optional() }), withLink),
  /** Takes effect with the next call, for signed-in sessions too. */
  'operators.update': call(
    name.extend({
      role: roleSchema.optional(),
      mayApprove: z.boolean().optional(),
      disabled: z.boolean().optional(),
    }),
    operatorSchema,
  ),
  /** Ends its sessions and API tokens; records of its actions keep its name. */
  'operators.remove': call(name, okSchema),
  /** Forgets the password and passkeys, and ends all sessions and API tokens; the new link sets another. */
  'operators.reset': call(name, withLink),
  'operators.sessions': call(name, z.object({ items: z.array(sessionSchema), apiTokens: z.array(apiTokenSchema) })),
  /** Ends one session or API token by its id; without an id, all of them. */
  'operators.revoke': call(name.extend({ id: z.string().optional() }), z.object({ revoked: z.number().int() })),
};

export const accountCalls = {
  /** The caller and its permissions. */
  'account.get': call(
    z.strictObject({}),
    z.object({
      /** Null: the local administrator. */
      id: z.string().nullable(),
      name: z.string(),
      role: roleSchema,
      permissions: z.array(z.enum(permissions)),
      via: z.enum(vias),
      /** Whether this server has any accounts. */
      hasAccounts: z.boolean(),
    }),
  ),
  /** `current` is ignored for an account without a password: its sign-in must be less than 10 minutes old instead. */
  'account.setPassword': call(z.strictObject({ current: z.string().max(256), next: passwordSchema }), okSchema),
  'account.sessions': call(z.strictObject({}), z.object({ items: z.array(sessionSchema) })),
  'account.revokeSession': call(z.strictObject({ id: z.string() }), okSchema),
  'account.tokens': call(z.strictObject({}), z.object({ items: z.array(apiTokenSchema) })),
  /** `token` is not shown again. */
  'account.createToken': call(
    z.strictObject({
      name: z.string().trim().min(1, 'must not be empty').max(80),
      role: roleSchema,
      mayApprove: z.boolean().optional(),
      days: z.number().int().min(1).max(366),
    }),
    z.object({ token: z.string(), apiToken: apiTokenSchema }),
  ),
  'account.revokeToken': call(z.strictObject({ id: z.string() }), okSchema),
};
