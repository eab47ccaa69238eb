import { z } from 'zod';
import { secretRefSchema } from '../common.ts';
import { roleSchema } from './roles.ts';

const headerName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,80}$/, 'must be the name of a header such as x-remote-user');

/** The highest role of all matching entries applies; one that may approve is enough. */
export const groupRoleSchema = z.strictObject({
  /** A group from single sign-on; `*` matches everyone who signs in that way. */
  group: z.string().trim().min(1, 'must not be empty').max(200),
  role: roleSchema,
  mayApprove: z.boolean().optional(),
});
export type GroupRole = z.infer<typeof groupRoleSchema>;

export const openIdSchema = z.strictObject({
  /** Such as `https://login.example.com/realms/staff`; its configuration is read from below it (OpenID Connect Discovery). */
  issuer: z.url({ protocol: /^https?$/, error: 'must be a URL such as https://login.example.com' }),
  clientId: z.string().trim().min(1, 'must not be empty').max(200),
  /** Null: a public client, protected by PKCE. */
  clientSecret: secretRefSchema.nullable(),
  /** Requested in addition to `openid`. */
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,80}$/, 'must be one scope')).max(20),
  /** Claim with the person's name. */
  nameClaim: z.string().min(1, 'must not be empty').max(80),
  /** Claim with a list of groups. */
  groupsClaim: z.string().min(1, 'must not be empty').max(200),
});
export type OpenIdSettings = z.infer<typeof openIdSchema>;

/** How people sign in to the console. */
export const accessSettingsSchema = z.strictObject({
  /** `local`: over the network only accounts can sign in; the local socket still takes the token. Applies only while an admin can sign in. */
  consoleToken: z.enum(['everywhere', 'local']),
  auditDays: z.number().int().min(1).max(3650),
  /** Maps groups from single sign-on to roles. */
  groupRoles: z.array(groupRoleSchema).max(100),
  /** Sign-in with OpenID Connect; null: off. */
  openId: openIdSchema.nullable(),
  /** Headers in which a reverse proxy in `trustedProxies` sends the user and groups; null: off. */
  proxyHeaders: z.strictObject({ user: headerName, groups: headerName.nullable() }).nullable(),
});
export type AccessSettings = z.infer<typeof accessSettingsSchema>;

export const defaultAccess: AccessSettings = {
  consoleToken: 'everywhere',
  auditDays: 365,
  groupRoles: [],
  openId: null,
  proxyHeaders: null,
};
