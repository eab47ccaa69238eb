import type { AccessSettings } from '../../shared/contract/access/access-settings.ts';
import type { Role } from '../../shared/contract/access/roles.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { OneTimeLink, Operator } from '../../shared/contract/operators.ts';
import { deleteLinks, findLink, putLink } from '../store/accounts/account-links.ts';
import { deleteSessions, readSessions } from '../store/accounts/account-sessions.ts';
import {
  deleteAccount,
  findAccount,
  findAccountByName,
  findEnabledAccount,
  hasAccounts,
  hasUsableAdmin,
  putAccount,
  readAccounts,
  type StoredAccount,
} from '../store/accounts/accounts.ts';
import { deleteApiTokens, readApiTokens } from '../store/accounts/api-tokens.ts';
import { deletePasskeys, hasPasskey } from '../store/accounts/passkeys.ts';
import { newId } from '../store/database/ids.ts';
import type { ReadableDb, WritableDb } from '../store/database/open.ts';
import { isoTime, isoTimeOrNull } from '../store/database/times.ts';
import type { Writer } from '../store/write/writer.ts';
import { type NewPasskey, putNewPasskey } from './passkeys.ts';
import type { Passwords } from './password.ts';
import { hashSecret, newSecret } from './secret-text.ts';
import { type Who, whoIs } from './who.ts';

const linkLifetimeMs = 24 * 60 * 60 * 1000;

/** The secret of a one-time link; the console's server knows the address. */
export interface LinkCode {
  code: string;
  expiresAt: OneTimeLink['expiresAt'];
}

export interface AccountDirectory {
  hasAny(): boolean;
  /** Whether an admin can sign in without the console token, with these settings. */
  hasUsableAdmin(access: AccessSettings): boolean;
  list(): Operator[];
  find(name: string): Operator | null;
  /** Throws `not_found`, as everything below that takes a name does. */
  get(name: string): Operator;
  /** An account's current rights; null: it was removed or is disabled. */
  rights(id: string): Who | null;
  add(given: { name: string; role: Role; mayApprove: boolean }): Promise<LinkCode>;
  update(name: string, patch: AccountPatch): Promise<Operator>;
  remove(name: string): Promise<void>;
  /** Forgets the password and passkeys, and ends sessions and API tokens. */
  reset(name: string): Promise<LinkCode>;
  /** The account of a link; null: the link was used or has expired. */
  invited(code: string): Operator | null;
  /** Sets what the account signs in with and invalidates the link; null as above. `onJoined` is called within the transaction. */
  join(
    code: string,
    credential: JoinCredential,
    onJoined?: (db: WritableDb, account: StoredAccount) => void,
  ): Promise<StoredAccount | null>;
  hasPassword(id: string): boolean;
  setPassword(id: string, password: string, exceptSession: string | null): Promise<void>;
}

/** What the person behind a one-time link will sign in with. */
export type JoinCredential = { password: string } | { passkey: NewPasskey; name: string };

export interface AccountPatch {
  role?: Role | undefined;
  mayApprove?: boolean | undefined;
  disabled?: boolean | undefined;
}

export interface AccountDirectoryDeps {
  db: ReadableDb;
  writer: Writer;
  passwords: Passwords;
  /** An account's rights, sessions or tokens have changed. */
  onChanged(): void;
  nowMs(): number;
}

const approverRole = 'A viewer cannot approve. Choose the operator or admin role.';

function assertFits(account: Pick<StoredAccount, 'role' | 'mayApprove'>): void {
  if (account.mayApprove && account.role === 'viewer') {
    throw new AppError('invalid_input', approverRole, [
      { path: ['mayApprove'], message: 'needs the operator or admin role' },
    ]);
  }
}

/** An account with single sign-on never gets a password as well. */
const canJoin = ({ disabledAtMs, subject }: StoredAccount): boolean => disabledAtMs === null && subject === null;

function mustFind(db: ReadableDb, name: string): StoredAccount {
  const account = findAccountByName(db, name);
  if (account === null) throw new AppError('not_found', `There is no operator "${name}".`);
  return account;
}

/** The accounts and their roles, addressed by name (compared with accountNameKey). */
export function createAccountDirectory(deps: AccountDirectoryDeps): AccountDirectory {
  const { db, writer, passwords, nowMs, onChanged } = deps;

  function show(account: StoredAccount): Operator {
    const { id, name, role, mayApprove, subject } = account;
    const sessions = readSessions(db, id, nowMs());
    const tokens = readApiTokens(db, id);
    const used = [...sessions.map((one) => one.usedAtMs), ...tokens.map((one) => one.usedAtMs ?? 0)];
    const canSignIn = account.password !== null || subject !== null || hasPasskey(db, id);
    const state = canSignIn ? 'active' : 'invited';
    return {
      id,
      name,
      role,
      mayApprove,
      state: account.disabledAtMs === null ? state : 'disabled',
      signIn: subject === null ? 'password' : 'company',
      createdAt: isoTime(account.createdAtMs),
      lastSeenAt: isoTimeOrNull(used.length === 0 ? null : Math.max(...used) || null),
      sessions: sessions.length,
      apiTokens: tokens.filter((one) => one.expiresAtMs > nowMs()).length,
    };
  }

  async function change<T>(work: (tx: WritableDb) => T): Promise<T> {
    const value = await writer.write((tx) => work(tx.db));
    onChanged();
    return value;
  }

  function putCode(tx: WritableDb, account: string): LinkCode {
    const code = newSecret();
    const expiresAtMs = nowMs() + linkLifetimeMs;
    putLink(tx, { hash: hashSecret(code), account, expiresAtMs });
    return { code, expiresAt: isoTime(expiresAtMs) };
  }

  return {
    hasAny: () => hasAccounts(db),
    hasUsableAdmin: (access) => hasUsableAdmin(db, access),
    list: () => readAccounts(db).map(show),
    find(name) {
      const account = findAccountByName(db, name);
      return account === null ? null : show(account);
    },
    get: (name) => show(mustFind(db, name)),
    rights(id) {
      const account = findEnabledAccount(db, id);
      return account === null ? null : whoIs(account, null);
    },
    add: (given) =>
      change((tx) => {
        assertFits(given);
        if (findAccountByName(tx, given.name) !== null) {
          throw new AppError('conflict', `Operator "${given.name}" already exists. Choose another name.`, [
            { path: ['name'], message: 'is taken' },
          ]);
        }
        const createdAtMs = nowMs();
        const id = newId('acc', createdAtMs);
        putAccount(tx, { id, ...given, password: null, subject: null, createdAtMs, disabledAtMs: null });
        return putCode(tx, id);
      }),
    update: async (name, { role, mayApprove, disabled }) => {
      const account = await change((tx) => {
        const before = mustFind(tx, name);
        const disabledAtMs = before.disabledAtMs ?? nowMs();
        const after: StoredAccount = {
          ...before,
          role: role ?? before.role,
          // A viewer loses it; asking for both is refused below.
          mayApprove: mayApprove ?? (before.mayApprove && role !== 'viewer'),
          disabledAtMs: (disabled ?? before.disabledAtMs !== null) ? disabledAtMs : null,
        };
        assertFits(after);
        putAccount(tx, after);
        if (disabled === true) {
          deleteSessions(tx, before.id);
          deleteLinks(tx, before.id);
        }
        return after;
      });
      return show(account);
    },
    remove: (name) => change((tx) => void deleteAccount(tx, mustFind(tx, name).id)),
    reset: (name) =>
      change((tx) => {
        const account = mustFind(tx, name);
        if (account.subject !== null) {
          throw new AppError(
            'wrong_state',
            `"${account.name}" signs in with the company account and has no password here.`,
          );
        }
        if (account.disabledAtMs !== null) {
          throw new AppError('wrong_state', `"${account.name}" is disabled; enable the account first.`);
        }
        putAccount(tx, { ...account, password: null });
        deletePasskeys(tx, account.id);
        deleteSessions(tx, account.id);
        deleteApiTokens(tx, account.id);
        return putCode(tx, account.id);
      }),
    invited(code) {
      const id = findLink(db, hashSecret(code), nowMs());
      const account = id === null ? null : findAccount(db, id);
      return account === null || !canJoin(account) ? null : show(account);
    },
    async join(code, credential, onJoined) {
      const hash = hashSecret(code);
      if (findLink(db, hash, nowMs()) === null) return null;
      const hashed = 'password' in credential ? await passwords.hash(credential.password) : null;
      return change((tx) => {
        // Again: another request may have used the link while this one hashed its password.
        const id = findLink(tx, hash, nowMs());
        const account = id === null ? null : findAccount(tx, id);
        if (account === null || !canJoin(account)) return null;
        deleteLinks(tx, account.id);
        if ('passkey' in credential) putNewPasskey(tx, account.id, credential.passkey, credential.name, nowMs());
        const after = { ...account, password: hashed };
        putAccount(tx, after);
        onJoined?.(tx, after);
        return after;
      });
    },
    hasPassword: (id) => (findAccount(db, id)?.password ?? null) !== null,
    async setPassword(id, password, exceptSession) {
      const hashed = await passwords.hash(password);
      await change((tx) => {
        const account = findAccount(tx, id);
        if (account === null) throw new AppError('not_found', 'This account was removed.');
        putAccount(tx, { ...account, password: hashed });
        deleteSessions(tx, id, exceptSession);
      });
    },
  };
}
