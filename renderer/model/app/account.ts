import { create } from 'zustand';
import type { Permission } from '../../../shared/contract/access/roles.ts';
import { call, type Output, onGap } from '../../client/index.ts';

type Account = Output<'account.get'>;

/** Who uses this window; null: not known yet. */
export const useAccount = create<{ account: Account | null }>(() => ({ account: null }));

async function fetchAccount(): Promise<void> {
  try {
    useAccount.setState({ account: await call('account.get', {}) });
  } catch {
    // The frame shows no name; what is not permitted is refused with its reason.
  }
}

export function followAccount(): () => void {
  void fetchAccount();
  return onGap(() => void fetchAccount());
}

const needs: Record<Permission, string> = {
  read: 'Needs an account',
  operate: 'Needs the role operator',
  approve: 'Needs the permission to approve',
  define: 'Needs the role admin',
  administer: 'Needs the role admin',
  own: 'Needs an account',
  local: 'Needs the console token',
};

/** Why this person may not; null when they may, or as long as nobody knows. */
export function useLack(permission: Permission): string | null {
  const account = useAccount((state) => state.account);
  return account === null || account.permissions.includes(permission) ? null : needs[permission];
}
