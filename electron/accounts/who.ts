import type { AccountCaller } from '../../shared/contract/access/caller.ts';
import { hasRole, type Role } from '../../shared/contract/access/roles.ts';
import type { StoredAccount } from '../store/accounts/accounts.ts';

/** An account as it calls. */
export type Who = AccountCaller['account'];

/** Where a sign-in came from, for lists of sessions. */
export interface SignInFrom {
  address: string;
  browser: string;
}

const lesser = (a: Role, b: Role): Role => (hasRole(a, b) ? b : a);

/** `scope`: an API token has at most its account's current rights. */
export const whoIs = (
  account: StoredAccount,
  keyId: string | null,
  scope: { role: Role; mayApprove: boolean } = account,
): Who => ({
  id: account.id,
  name: account.name,
  role: lesser(account.role, scope.role),
  mayApprove: account.mayApprove && scope.mayApprove,
  keyId,
});
