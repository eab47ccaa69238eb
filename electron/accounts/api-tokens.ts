import { hasRole, type Role } from '../../shared/contract/access/roles.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { ApiToken } from '../../shared/contract/operators.ts';
import { findAccount, findEnabledAccount } from '../store/accounts/accounts.ts';
import {
  addApiToken,
  deleteApiToken,
  findApiToken,
  readApiTokens,
  type StoredApiToken,
  touchApiToken,
} from '../store/accounts/api-tokens.ts';
import { newId } from '../store/database/ids.ts';
import type { ReadableDb } from '../store/database/open.ts';
import { isoTime, isoTimeOrNull } from '../store/database/times.ts';
import type { Writer } from '../store/write/writer.ts';
import { createUseRecorder } from './record-use.ts';
import { hashSecret, newSecret } from './secret-text.ts';
import { type Who, whoIs } from './who.ts';

/** Secret scanners and people recognize it; the console token has no prefix. */
export const apiTokenPrefix = 'sbx_';
const maxTokens = 50;
const dayMs = 24 * 60 * 60 * 1000;

export interface NewApiToken {
  name: string;
  role: Role;
  mayApprove: boolean;
  days: number;
}

export interface ApiTokens {
  /** `token` is never shown again. Throws `forbidden` for more than the account has. */
  create(account: string, given: NewApiToken): Promise<{ token: string; apiToken: ApiToken }>;
  /** The token's account, limited to the token's scope; null: no such token, or it has expired. */
  use(token: string): Who | null;
  /** Like `use`, without recording the use. */
  peek(token: string): Who | null;
  list(account: string): ApiToken[];
  /** Throws `not_found` for another account's token. */
  revoke(account: string, id: string): Promise<void>;
}

export interface ApiTokenDeps {
  db: ReadableDb;
  writer: Writer;
  onChanged(): void;
  nowMs(): number;
}

const show = (token: StoredApiToken): ApiToken => ({
  id: token.id,
  name: token.name,
  role: token.role,
  mayApprove: token.mayApprove,
  createdAt: isoTime(token.createdAtMs),
  lastUsedAt: isoTimeOrNull(token.usedAtMs),
  expiresAt: isoTime(token.expiresAtMs),
});

/** Personal tokens for programs: `Authorization: Bearer sbx_…`. */
export function createApiTokens({ db, writer, onChanged, nowMs }: ApiTokenDeps): ApiTokens {
  function find(text: string): { token: StoredApiToken; who: Who } | null {
    if (!text.startsWith(apiTokenPrefix)) return null;
    const token = findApiToken(db, hashSecret(text));
    if (token === null || token.expiresAtMs <= nowMs()) return null;
    const account = findEnabledAccount(db, token.account);
    return account === null ? null : { token, who: whoIs(account, token.id, token) };
  }

  const recordUse = createUseRecorder((id, now) => writer.write((tx) => touchApiToken(tx.db, id, now)), nowMs);

  return {
    async create(accountId, { name, role, mayApprove, days }) {
      const token = `${apiTokenPrefix}${newSecret()}`;
      const stored = await writer.write(({ db: tx }) => {
        const account = findAccount(tx, accountId);
        if (account === null) throw new AppError('not_found', 'This account was removed.');
        if (!hasRole(account.role, role) || (mayApprove && !account.mayApprove)) {
          throw new AppError('forbidden', 'An API token cannot have more rights than its account.');
        }
        const createdAtMs = nowMs();
        const own = readApiTokens(tx, accountId);
        if (own.length >= maxTokens) {
          throw new AppError('conflict', `You have ${maxTokens} API tokens; revoke some first.`);
        }
        const expiresAtMs = createdAtMs + days * dayMs;
        const id = newId('tok', createdAtMs);
        const added = { id, account: accountId, name, role, mayApprove, createdAtMs, usedAtMs: null, expiresAtMs };
        addApiToken(tx, hashSecret(token), added);
        return added;
      });
      return { token, apiToken: show(stored) };
    },
    use(text) {
      const found = find(text);
      if (found === null) return null;
      recordUse(found.token);
      return found.who;
    },
    peek: (text) => find(text)?.who ?? null,
    list: (account) => readApiTokens(db, account).map(show),
    async revoke(account, id) {
      const wasThere = await writer.write((tx) => deleteApiToken(tx.db, id, account));
      if (!wasThere) throw new AppError('not_found', `There is no API token "${id}".`);
      onChanged();
    },
  };
}
