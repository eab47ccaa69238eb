import type { Handlers } from '../../../shared/contract/index.ts';
import type { OneTimeLink } from '../../../shared/contract/operators.ts';
import type { LinkCode } from '../../accounts/account-directory.ts';
import type { Accounts } from '../../accounts/accounts.ts';

export interface OperatorHandlerDeps {
  accounts: Accounts;
  /** Console addresses with this fragment; null when the console has no address. */
  consoleLinks(fragment: string): { url: string | null; publicUrl: string | null };
}

type OperatorHandlers = Pick<Handlers, Extract<keyof Handlers, `operators.${string}`>>;

export function createOperatorHandlers({ accounts, consoleLinks }: OperatorHandlerDeps): OperatorHandlers {
  const { directory, sessions, tokens } = accounts;

  const linkOf = ({ code, expiresAt }: LinkCode): OneTimeLink => ({ ...consoleLinks(`/join/${code}`), expiresAt });

  return {
    'operators.list': () => ({ items: directory.list() }),
    'operators.add': async ({ name, role, mayApprove = false }) => {
      const code = await directory.add({ name, role, mayApprove });
      return { operator: directory.get(name), link: linkOf(code) };
    },
    'operators.update': ({ name, ...patch }) => directory.update(name, patch),
    'operators.remove': async ({ name }) => {
      await directory.remove(name);
      return { done: true };
    },
    'operators.reset': async ({ name }) => {
      const code = await directory.reset(name);
      return { operator: directory.get(name), link: linkOf(code) };
    },
    'operators.sessions': ({ name }, caller) => {
      const { id } = directory.get(name);
      return { items: sessions.list(id, caller.account?.keyId ?? null), apiTokens: tokens.list(id) };
    },
    'operators.revoke': async ({ name, id }) => {
      const account = directory.get(name).id;
      const open = sessions.list(account, null).map((one) => ({ id: one.id, revoke: sessions.revoke }));
      const given = tokens.list(account).map((one) => ({ id: one.id, revoke: tokens.revoke }));
      const all = [...open, ...given];
      const chosen = id === undefined ? all : all.filter((one) => one.id === id);
      // Throws `not_found`.
      if (id !== undefined && chosen.length === 0) await sessions.revoke(account, id);
      for (const one of chosen) await one.revoke(account, one.id);
      return { revoked: chosen.length };
    },
  };
}
