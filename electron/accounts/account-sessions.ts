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
import { findAccount, type StoredAccount } from '../store/accounts/accounts.ts';
import { newId } from '../store/database/ids.ts';
import type { ReadableDb } from '../store/database/open.ts';
import { isoTime } from '../store/database/times.ts';
import type { Writer } from '../store/write/writer.ts';
import { hashSecret, newSecret } from './secret-text.ts';
import { type From, type Who, whoIs } from './who.ts';

const lifetimeMs = 30 * 24 * 60 * 60 * 1000;
/** A use is written down at most so often. */
const touchEveryMs = 5 * 60 * 1000;
const maxSessions = 50;
const maxBrowserChars = 200;

export interface AccountSessions {
  /** Gives what the cookie holds. Throws `unauthorized` where the account has changed since it was proved. */
  start(account: Pick<StoredAccount, 'id' | 'password'>, from: From): Promise<string>;
  /** Whose session it is, with their rights as of now; keeps it alive for another 30 days. Null: it is none. */
  use(secret: string): Who | null;
  /** Like `use`, without keeping it alive. */
  peek(secret: string): Who | null;
  end(secret: string): Promise<void>;
  list(account: string, currentId: string | null): Session[];
  /** Throws `not_found` for one that is not the account's. */
  revoke(account: string, id: string): Promise<void>;
}

export interface AccountSessionDeps {
  db: ReadableDb;
  writer: Writer;
  onChanged(): void;
  nowMs(): number;
}

/** Signed-in browsers of accounts. They are in the store, so they survive a restart of the app. */
export function createAccountSessions({ db, writer, onChanged, nowMs }: AccountSessionDeps): AccountSessions {
  function find(secret: string): { session: StoredSession; who: Who } | null {
    const session = findSession(db, hashSecret(secret));
    if (session === null || session.expiresAtMs <= nowMs()) return null;
    const account = findAccount(db, session.account);
    if (account === null || account.disabledAtMs !== null) return null;
    return { session, who: whoIs(account, session.id) };
  }

  async function remove(id: string): Promise<void> {
    await writer.write((tx) => deleteSession(tx.db, id));
    onChanged();
  }

  const touched = new Map<string, number>();
  function touch({ id, usedAtMs }: StoredSession): void {
    const now = nowMs();
    if (now - Math.max(usedAtMs, touched.get(id) ?? 0) < touchEveryMs) return;
    touched.set(id, now);
    // It only lives on a little shorter where this cannot be written.
    writer
      .write((tx) => touchSession(tx.db, id, now, now + lifetimeMs))
      .catch(() => undefined)
      .finally(() => touched.delete(id));
  }

  return {
    async start(account, { address, browser }) {
      const secret = newSecret();
      await writer.write(({ db: tx }) => {
        const stored = findAccount(tx, account.id);
        if (stored === null || stored.disabledAtMs !== null || stored.password !== account.password) {
          throw new AppError('unauthorized', 'This account has just been changed. Sign in again.');
        }
        const now = nowMs();
        addSession(tx, hashSecret(secret), {
          id: newId('ses', now),
          account: account.id,
          createdAtMs: now,
          usedAtMs: now,
          expiresAtMs: now + lifetimeMs,
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
      touch(found.session);
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
