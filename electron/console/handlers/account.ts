import { may } from '../../../shared/contract/access/caller.ts';
import { permissions } from '../../../shared/contract/access/roles.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { confirmOwner } from '../../accounts/confirm-owner.ts';
import type { Who } from '../../accounts/who.ts';

export interface AccountHandlerDeps {
  accounts: Accounts;
  nameOf(caller: Caller): string;
  nowMs(): number;
}

type AccountHandlers = Pick<Handlers, Extract<keyof Handlers, `account.${string}`>>;

/** Calls with the permission `own` only get here with an account. */
function own({ account }: Caller): Who {
  if (account !== null) return account;
  throw new AppError('forbidden', 'The local administrator has no account.');
}

export function createAccountHandlers({ accounts, nameOf, nowMs }: AccountHandlerDeps): AccountHandlers {
  const { directory, sessions, tokens, passkeys } = accounts;
  return {
    'account.get': (_input, caller) => ({
      id: caller.account?.id ?? null,
      name: nameOf(caller),
      role: caller.account?.role ?? 'admin',
      permissions: permissions.filter((permission) => may(caller, permission)),
      via: caller.via,
      hasAccounts: directory.hasAny(),
    }),
    'account.setPassword': async ({ current, next }, caller) => {
      const who = own(caller);
      await confirmOwner(accounts, who, { password: current, address: caller.address ?? '', nowMs: nowMs() });
      await directory.setPassword(who.id, next, who.keyId);
      return { done: true };
    },
    'account.sessions': (_input, caller) => {
      const { id, keyId } = own(caller);
      return { items: sessions.list(id, keyId) };
    },
    'account.revokeSession': async ({ id }, caller) => {
      await sessions.revoke(own(caller).id, id);
      return { done: true };
    },
    'account.passkeys': (_input, caller) => {
      const { id } = own(caller);
      return { items: passkeys.list(id), hasPassword: directory.hasPassword(id) };
    },
    'account.renamePasskey': ({ id, name }, caller) => passkeys.rename(own(caller).id, id, name),
    'account.removePasskey': async ({ id }, caller) => {
      await passkeys.remove(own(caller).id, id);
      return { done: true };
    },
    'account.tokens': (_input, caller) => ({ items: tokens.list(own(caller).id) }),
    'account.createToken': ({ mayApprove = false, ...given }, caller) =>
      tokens.create(own(caller).id, { ...given, mayApprove }),
    'account.revokeToken': async ({ id }, caller) => {
      await tokens.revoke(own(caller).id, id);
      return { done: true };
    },
  };
}
