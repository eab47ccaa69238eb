import { AppError } from '../../shared/contract/errors.ts';
import { findAccount, findAccountByName, type StoredAccount } from '../store/accounts/accounts.ts';
import type { ReadableDb } from '../store/database/open.ts';
import type { Writer } from '../store/write/writer.ts';
import { type AccountDirectory, createAccountDirectory } from './account-directory.ts';
import { type AccountSessions, createAccountSessions } from './account-sessions.ts';
import { type ApiTokens, createApiTokens } from './api-tokens.ts';
import { type CompanySignIn, createCompanySignIn } from './company-sign-in.ts';
import { createPasswords } from './password.ts';
import { createPasswordThrottle } from './password-throttle.ts';

export interface Accounts {
  directory: AccountDirectory;
  sessions: AccountSessions;
  tokens: ApiTokens;
  /** Sign-in by OpenID Connect or a reverse proxy. */
  signInCompany: CompanySignIn;
  checkPassword(name: string, password: string, address: string): Promise<PasswordCheck>;
  /** Told when somebody's rights, sessions or tokens have changed; gives the way to stop listening. */
  onChanged(listener: () => void): () => void;
}

/** `wrong`: the name or the password, or the account is disabled. `held`: it was not checked. */
export type PasswordCheck =
  | { result: 'right'; account: StoredAccount }
  | { result: 'wrong' }
  | { result: 'held'; waitSeconds: number; message: string };

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
  const throttle = createPasswordThrottle();
  const deps = { db, writer, nowMs, onChanged };

  async function find(name: string, password: string): Promise<StoredAccount | null> {
    const account = findAccountByName(db, name);
    // The company's sign-in decides about its people alone.
    const stored = account?.subject === null ? account.password : null;
    // Computed in any case: the time must not tell which names there are.
    if (!(await passwords.matches(password, stored)) || account === null) return null;
    // It may have waited for its turn, and the account have changed meanwhile.
    const now = findAccount(db, account.id);
    return now === null || now.disabledAtMs !== null || now.password !== stored ? null : now;
  }
  return {
    directory: createAccountDirectory({ ...deps, passwords }),
    sessions: createAccountSessions(deps),
    tokens: createApiTokens(deps),
    signInCompany: createCompanySignIn(deps),
    async checkPassword(name, password, address) {
      const waitSeconds = await throttle.begin(name, address);
      if (waitSeconds > 0) {
        const message = `Too many wrong passwords for this name: wait ${waitSeconds} s, then try again.`;
        return { result: 'held', waitSeconds, message };
      }
      try {
        const account = await find(name, password);
        await throttle.end(name, address, account === null ? 'wrong' : 'right');
        return account === null ? { result: 'wrong' } : { result: 'right', account };
      } catch (error) {
        await throttle.end(name, address, 'unchecked');
        if (!(error instanceof AppError) || error.code !== 'too_many_attempts') throw error;
        return { result: 'held', waitSeconds: 2, message: error.message };
      }
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
