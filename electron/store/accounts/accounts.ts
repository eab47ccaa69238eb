import { z } from 'zod';
import { type Role, roleSchema } from '../../../shared/contract/access/roles.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

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
/** Upper and lower case are the same in a name. */
export const findAccountByName = (db: ReadableDb, name: string): StoredAccount | null => findBy(db, 'name', name);
export const findAccountBySubject = (db: ReadableDb, subject: string): StoredAccount | null =>
  findBy(db, 'subject', subject);

/** Whether somebody can sign in and administer without the console token. */
export const hasUsableAdmin = (db: ReadableDb): boolean =>
  statement(
    db,
    `SELECT 1 FROM accounts
     WHERE role = 'admin' AND disabled_at IS NULL AND (password IS NOT NULL OR subject IS NOT NULL) LIMIT 1`,
  ).get() !== undefined;

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

/** With its sessions, tokens and links. */
export const deleteAccount = (db: WritableDb, id: string): boolean =>
  statement(db, 'DELETE FROM accounts WHERE id = ?').run(id).changes > 0;
