import { AppError } from '../../shared/contract/errors.ts';
import type { Session } from '../../shared/contract/operators.ts';
import {
  addSession,
  deleteSession,
  findSession,
  readSessions,
  type StoredSession,
  touchSession,
  trimSessions,
} from '../store/accounts/account-sessions.ts';
import { findEnabledAccount, type StoredAccount } from '../store/accounts/accounts.ts';
import { newId } from '../store/database/ids.ts';
import type { ReadableDb, WritableDb } from '../store/database/open.ts';
import { isoTime } from '../store/database/times.ts';
import type { Writer } from '../store/write/writer.ts';
import { createUseRecorder } from './record-use.ts';
import { hashSecret, newSecret } from './secret-text.ts';
import { type SignInFrom, type Who, whoIs } from './who.ts';

/** After the last use, of sessions of the console token too: both are in the same cookie. */
export const sessionLifetimeMs = 30 * 24 * 60 * 60 * 1000;
const maxSessions = 50;
const maxBrowserChars = 200;

export interface AccountSessions {
  /** Returns the secret for the cookie. Throws `unauthorized` when the account has changed since its credentials were checked. */
  start(
    account: Pick<StoredAccount, 'id' | 'password'>,
    from: SignInFrom,
    /** Called within the transaction. */
    onStart?: (db: WritableDb) => void,
  ): Promise<string>;
  /** The session's account with its current rights; keeps the session alive for another 30 days. Null: no such session. */
  use(secret: string): Who | null;
  /** Like `use`, without keeping it alive. */
  peek(secret: string): Who | null;
  end(secret: string): Promise<void>;
  list(account: string, currentId: string | null): Session[];
  /** Throws `not_found` for another account's session. */
  revoke(account: string, id: string): Promise<void>;
}

export interface AccountSessionDeps {
  db: ReadableDb;
  writer: Writer;
  onChanged(): void;
  nowMs(): number;
}

/** Signed-in browsers of accounts, kept in the store: they survive a restart of the app. */
export function createAccountSessions({ db, writer, onChanged, nowMs }: AccountSessionDeps): AccountSessions {
  function find(secret: string): { session: StoredSession; who: Who } | null {
    const session = findSession(db, hashSecret(secret));
    if (session === null || session.expiresAtMs <= nowMs()) return null;
    const account = findEnabledAccount(db, session.account);
    return account === null ? null : { session, who: whoIs(account, session.id) };
  }

  async function remove(id: string): Promise<void> {
    await writer.write((tx) => deleteSession(tx.db, id));
    onChanged();
  }

  const recordUse = createUseRecorder(
    (id, now) => writer.write((tx) => touchSession(tx.db, id, now, now + sessionLifetimeMs)),
    nowMs,
  );

  return {
    async start(account, { address, browser }, onStart) {
      const secret = newSecret();
      await writer.write(({ db: tx }) => {
        if (findEnabledAccount(tx, account.id)?.password !== account.password) {
          throw new AppError('unauthorized', 'This account has just been changed. Sign in again.');
        }
        onStart?.(tx);
        const now = nowMs();
        addSession(tx, hashSecret(secret), {
          id: newId('ses', now),
          account: account.id,
          createdAtMs: now,
          usedAtMs: now,
          expiresAtMs: now + sessionLifetimeMs,
          address,
          browser: browser.slice(0, maxBrowserChars),
        });
        trimSessions(tx, account.id, maxSessions);
      });
      return secret;
    },
    use(secret) {
      const found = find(secret);
      if (found === null) return null;
      recordUse(found.session);
      return found.who;
    },
    peek: (secret) => find(secret)?.who ?? null,
    async end(secret) {
      const found = findSession(db, hashSecret(secret));
      if (found !== null) await remove(found.id);
    },
    list: (account, currentId) =>
      readSessions(db, account, nowMs()).map((one) => ({
        id: one.id,
        address: one.address,
        browser: one.browser,
        createdAt: isoTime(one.createdAtMs),
        lastUsedAt: isoTime(one.usedAtMs),
        expiresAt: isoTime(one.expiresAtMs),
        isCurrent: one.id === currentId,
      })),
    async revoke(account, id) {
      if (!readSessions(db, account, nowMs()).some((one) => one.id === id)) {
        throw new AppError('not_found', `There is no session "${id}".`);
      }
      await remove(id);
    },
  };
}
