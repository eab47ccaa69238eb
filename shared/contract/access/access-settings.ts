import { z } from 'zod';
import { secretRefSchema } from '../common.ts';
import { roleSchema } from './roles.ts';

const headerName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,80}$/, 'must be the name of a header such as x-remote-user');

/** Of all that fit, the highest role counts, and one that may approve is enough. */
export const groupRoleSchema = z.strictObject({
  /** A group as the company's sign-in names it; `*`: everybody who signs in there. */
  group: z.string().trim().min(1, 'must not be empty').max(200),
  role: roleSchema,
  mayApprove: z.boolean().optional(),
});
export type GroupRole = z.infer<typeof groupRoleSchema>;

export const openIdSchema = z.strictObject({
  /** Such as `https://login.example.com/realms/staff`; its configuration is found below it (OpenID Connect Discovery). */
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().trim().min(1, 'must not be empty').max(200),
  /** Null: a public client, which PKCE protects. */
  clientSecret: secretRefSchema.nullable(),
  /** Asked for beside `openid`. */
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,80}$/, 'must be one scope')).max(20),
  /** Claim that holds the person's name here. */
  nameClaim: z.string().min(1).max(80),
  /** Claim that holds a list of groups. */
  groupsClaim: z.string().min(1).max(200),
});
export type OpenIdSettings = z.infer<typeof openIdSchema>;

/** Who may sign in to the console, and how. */
export const accessSettingsSchema = z.strictObject({
  /** `local`: over the network only accounts sign in; the token is left for the local socket. Counts while there is an admin. */
  consoleToken: z.enum(['everywhere', 'local']),
  auditDays: z.number().int().min(1).max(3650),
  /** Roles by groups, of people whom the company signs in. */
  groupRoles: z.array(groupRoleSchema).max(100),
  /** Sign-in with OpenID Connect; null: off. */
  openId: openIdSchema.nullable(),
  /** Headers that a reverse proxy in `trustedProxies` signs people in with; null: off. */
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
