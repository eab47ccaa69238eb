import { z } from 'zod';
import type { AccessSettings } from '../../../shared/contract/access/access-settings.ts';
import { type Role, roleSchema } from '../../../shared/contract/access/roles.ts';
import { accountNameKey } from '../../../shared/contract/operators.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { hasPasskey } from './passkeys.ts';

/** Times in milliseconds since 1970. */
export interface StoredAccount {
  id: string;
  name: string;
  role: Role;
  mayApprove: boolean;
  /** As electron/accounts/password.ts writes it; null: none is set. */
  password: string | null;
  /** `<issuer> <sub>` of the company's sign-in; null: signs in by password. */
  subject: string | null;
  createdAtMs: number;
  disabledAtMs: number | null;
}

const columns = 'id, name, role, may_approve, password, subject, created_at, disabled_at';

const rowSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: roleSchema,
    may_approve: z.number(),
    password: z.string().nullable(),
    subject: z.string().nullable(),
    created_at: z.number(),
    disabled_at: z.number().nullable(),
  })
  .transform(
    (row): StoredAccount => ({
      id: row.id,
      name: row.name,
      role: row.role,
      mayApprove: row.may_approve === 1,
      password: row.password,
      subject: row.subject,
      createdAtMs: row.created_at,
      disabledAtMs: row.disabled_at,
    }),
  );

const findBy = (db: ReadableDb, column: 'id' | 'name' | 'subject', value: string): StoredAccount | null => {
  const raw = statement(db, `SELECT ${columns} FROM accounts WHERE ${column} = ?`).get(value);
  return raw === undefined ? null : rowSchema.parse(raw);
};

export const readAccounts = (db: ReadableDb): StoredAccount[] =>
  statement(db, `SELECT ${columns} FROM accounts ORDER BY name`)
    .all()
    .map((raw) => rowSchema.parse(raw));

export const findAccount = (db: ReadableDb, id: string): StoredAccount | null => findBy(db, 'id', id);

/** Null for a disabled account too. */
export function findEnabledAccount(db: ReadableDb, id: string): StoredAccount | null {
  const account = findAccount(db, id);
  return account?.disabledAtMs === null ? account : null;
}

/** By the key of the name; SQLite knows upper and lower case of ASCII alone, so the rest is compared here. */
export function findAccountByName(db: ReadableDb, name: string): StoredAccount | null {
  const found = findBy(db, 'name', name);
  if (found !== null) return found;
  const key = accountNameKey(name);
  return readAccounts(db).find((account) => accountNameKey(account.name) === key) ?? null;
}
export const findAccountBySubject = (db: ReadableDb, subject: string): StoredAccount | null =>
  findBy(db, 'subject', subject);

/** Prefix of the subjects of people signed in by a reverse proxy; others are `<issuer> <sub>`. */
export const proxySubjectPrefix = 'proxy ';

/** Whether an admin can sign in without the console token, with the enabled sign-in methods. */
export const hasUsableAdmin = (
  db: ReadableDb,
  { openId, proxyHeaders }: Pick<AccessSettings, 'openId' | 'proxyHeaders'>,
): boolean =>
  readAccounts(db).some(({ id, role, disabledAtMs, password, subject }) => {
    if (role !== 'admin' || disabledAtMs !== null) return false;
    if (subject === null) return password !== null || hasPasskey(db, id);
    return (subject.startsWith(proxySubjectPrefix) ? proxyHeaders : openId) !== null;
  });

export const hasAccounts = (db: ReadableDb): boolean =>
  statement(db, 'SELECT 1 FROM accounts LIMIT 1').get() !== undefined;

/** Inserts or replaces the row of this id. */
export function putAccount(db: WritableDb, account: StoredAccount): void {
  statement(
    db,
    `INSERT INTO accounts (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, may_approve = excluded.may_approve,
       password = excluded.password, subject = excluded.subject, disabled_at = excluded.disabled_at`,
  ).run(
    account.id,
    account.name,
    account.role,
    account.mayApprove ? 1 : 0,
    account.password,
    account.subject,
    account.createdAtMs,
    account.disabledAtMs,
  );
}

/** With its passkeys, sessions, tokens and links. */
export const deleteAccount = (db: WritableDb, id: string): boolean =>
  statement(db, 'DELETE FROM accounts WHERE id = ?').run(id).changes > 0;
