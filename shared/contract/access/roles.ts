import { z } from 'zod';

/**
 * What a call needs. `read`: sees. `operate`: acknowledges, answers, replays, retries, cancels. `approve`:
 * decides on runs that wait for approval. `define`: changes sources, listeners and jobs, and sends to them. `administer`:
 * settings, secrets, backups, accounts. `own`: the caller's own account. `local`: what would pass on the rights of the
 * local administrator.
 */
export const permissions = ['read', 'operate', 'approve', 'define', 'administer', 'own', 'local'] as const;
export type Permission = (typeof permissions)[number];

/** Each includes the ones before it. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const hasRole = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);

/** The lowest role with the permission; null: no role includes it. */
export const roleFor: Record<Permission, Role | null> = {
  read: 'viewer',
  operate: 'operator',
  approve: null,
  define: 'admin',
  administer: 'admin',
  own: null,
  local: null,
};
