import { create } from 'zustand';
import { permissionNeeds } from '../../../shared/contract/access/caller.ts';
import type { Permission } from '../../../shared/contract/access/roles.ts';
import { call, type Output, onGap } from '../../client/index.ts';

type Account = Output<'account.get'>;

/** The signed-in account; null: not known yet. */
export const useAccount = create<{ account: Account | null }>(() => ({ account: null }));

async function fetchAccount(): Promise<void> {
  try {
    useAccount.setState({ account: await call('account.get', {}) });
  } catch {
    // No name is shown, and calls without permission are refused with a reason.
  }
}

export function followAccount(): () => void {
  void fetchAccount();
  return onGap(() => void fetchAccount());
}

/** Why the permission is missing, such as "Needs the operator role"; null when it is not, or not known yet. */
export function lackIn(account: Account | null, permission: Permission): string | null {
  if (account === null || account.permissions.includes(permission)) return null;
  const needs = permissionNeeds[permission];
  return needs.charAt(0).toUpperCase() + needs.slice(1);
}

export const useLack = (permission: Permission): string | null =>
  lackIn(
    useAccount((state) => state.account),
    permission,
  );
