import { AppError } from '../../shared/contract/errors.ts';
import { findAccountByName, findEnabledAccount, type StoredAccount } from '../store/accounts/accounts.ts';
import type { ReadableDb } from '../store/database/open.ts';
import type { Writer } from '../store/write/writer.ts';
import { type AccountDirectory, createAccountDirectory } from './account-directory.ts';
import { type AccountSessions, createAccountSessions } from './account-sessions.ts';
import { type ApiTokens, createApiTokens } from './api-tokens.ts';
import { type CompanySignIn, createCompanySignIn } from './company-sign-in.ts';
import { createPasskeyChallenges, type PasskeyChallenges } from './passkey-challenges.ts';
import { createPasskeys, type Passkeys } from './passkeys.ts';
import { createPasswords } from './password.ts';
import { createPasswordThrottle } from './password-throttle.ts';

export interface Accounts {
  directory: AccountDirectory;
  sessions: AccountSessions;
  tokens: ApiTokens;
  passkeys: Passkeys;
  passkeyChallenges: PasskeyChallenges;
  /** Sign-in by OpenID Connect or a reverse proxy. */
  signInCompany: CompanySignIn;
  checkPassword(name: string, password: string, address: string): Promise<PasswordCheck>;
  /** Called when an account's rights, sessions or tokens change; returns the function that unsubscribes. */
  onChanged(listener: () => void): () => void;
}

/** `wrong`: wrong name or password, or the account is disabled. `held`: throttled, not checked. */
export type PasswordCheck =
  | { result: 'right'; account: StoredAccount }
  | { result: 'wrong' }
  | { result: 'held'; waitSeconds: number; message: string };

export interface AccountsDeps {
  db: ReadableDb;
  writer: Writer;
  nowMs(): number;
}

/** Accounts and their credentials: passwords, passkeys, sessions, API tokens and single sign-on. */
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
    // Only single sign-on decides about accounts that it has made.
    const stored = account?.subject === null ? account.password : null;
    // Always computed: response times must not reveal which names exist.
    if (!(await passwords.matches(password, stored)) || account === null) return null;
    // The check may have waited its turn; the account may have changed since.
    const now = findEnabledAccount(db, account.id);
    return now?.password === stored ? now : null;
  }
  return {
    directory: createAccountDirectory({ ...deps, passwords }),
    sessions: createAccountSessions(deps),
    tokens: createApiTokens(deps),
    passkeys: createPasskeys(deps),
    passkeyChallenges: createPasskeyChallenges(nowMs),
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
