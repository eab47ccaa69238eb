import { type Role, roles } from '../../../shared/contract/access/roles.ts';
import type { OneTimeLink } from '../../../shared/contract/operators.ts';

/** A link that was just made: it is not shown again. */
export interface FreshLink {
  name: string;
  link: OneTimeLink;
}

export const toRole = (text: string | null): Role => roles.find((role) => role === text) ?? 'viewer';
