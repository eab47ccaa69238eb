import { findAccountByName } from '../store/accounts/accounts.ts';
import type { ReadableDb } from '../store/database/open.ts';
import type { Writer } from '../store/write/writer.ts';
import { type AccountDirectory, createAccountDirectory } from './account-directory.ts';
import { type AccountSessions, createAccountSessions } from './account-sessions.ts';
import { type ApiTokens, createApiTokens } from './api-tokens.ts';
import { type CompanySignIn, createCompanySignIn } from './company-sign-in.ts';
import { createPasswords } from './password.ts';

export interface Accounts {
  directory: AccountDirectory;
  sessions: AccountSessions;
  tokens: ApiTokens;
  /** Sign-in by OpenID Connect or a reverse proxy. */
  signInCompany: CompanySignIn;
  /** The account's id; null: a wrong name or password, or the account is disabled. Throws `too_many_attempts`. */
  checkPassword(name: string, password: string): Promise<string | null>;
  /** Told when somebody's rights, sessions or tokens have changed; gives the way to stop listening. */
  onChanged(listener: () => void): () => void;
}

export interface AccountsDeps {
  db: ReadableDb;
  writer: Writer;
  nowMs(): number;
}

/** Everything about the people who sign in: who there is, and what proves that it is them. */
export function createAccounts({ db, writer, nowMs }: AccountsDeps): Accounts {
  const listeners = new Set<() => void>();
  const onChanged = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const passwords = createPasswords();
  const deps = { db, writer, nowMs, onChanged };
  return {
    directory: createAccountDirectory({ ...deps, passwords }),
    sessions: createAccountSessions(deps),
    tokens: createApiTokens(deps),
    signInCompany: createCompanySignIn(deps),
    async checkPassword(name, password) {
      const account = findAccountByName(db, name);
      // Computed in any case: the time must not tell which names there are.
      const isRight = await passwords.matches(password, account?.password ?? null);
      return isRight && account !== null && account.disabledAtMs === null ? account.id : null;
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
