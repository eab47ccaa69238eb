import { may } from '../../../shared/contract/access/caller.ts';
import { permissions } from '../../../shared/contract/access/roles.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Who } from '../../accounts/who.ts';

export interface AccountHandlerDeps {
  accounts: Accounts;
  nameOf(caller: Caller): string;
}

type AccountHandlers = Pick<Handlers, Extract<keyof Handlers, `account.${string}`>>;

/** Calls with the permission `own` only get here with an account. */
function own({ account }: Caller): Who {
  if (account !== null) return account;
  throw new AppError('forbidden', 'The local administrator has no account.');
}

export function createAccountHandlers({ accounts, nameOf }: AccountHandlerDeps): AccountHandlers {
  const { directory, sessions, tokens } = accounts;
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
      const { id, name, keyId } = own(caller);
      if (directory.get(name).signIn === 'company') {
        throw new AppError('wrong_state', 'You sign in with your company account and have no password here.');
      }
      // Throttled like a sign-in: an unattended browser must not allow guessing the password.
      const check = await accounts.checkPassword(name, current, caller.address ?? '');
      if (check.result === 'held') throw new AppError('too_many_attempts', check.message);
      if (check.result === 'wrong') {
        throw new AppError('invalid_input', 'The current password is wrong.', [
          { path: ['current'], message: 'is wrong' },
        ]);
      }
      await directory.setPassword(id, next, keyId);
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
    'account.tokens': (_input, caller) => ({ items: tokens.list(own(caller).id) }),
    'account.createToken': ({ mayApprove = false, ...given }, caller) =>
      tokens.create(own(caller).id, { ...given, mayApprove }),
    'account.revokeToken': async ({ id }, caller) => {
      await tokens.revoke(own(caller).id, id);
      return { done: true };
    },
  };
}
