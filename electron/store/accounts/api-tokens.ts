import { z } from 'zod';
import { type Role, roleSchema } from '../../../shared/contract/access/roles.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

/** A personal API token. Times in milliseconds since 1970. */
export interface StoredApiToken {
  id: string;
  account: string;
  name: string;
  /** Its scope: at most this, and at most what its account has. */
  role: Role;
  mayApprove: boolean;
  createdAtMs: number;
  usedAtMs: number | null;
  expiresAtMs: number;
}

const columns = 'id, account, name, role, may_approve, created_at, used_at, expires_at';
const rowSchema = z
  .object({
    id: z.string(),
    account: z.string(),
    name: z.string(),
    role: roleSchema,
    may_approve: z.number(),
    created_at: z.number(),
    used_at: z.number().nullable(),
    expires_at: z.number(),
  })
  .transform(
    (row): StoredApiToken => ({
      id: row.id,
      account: row.account,
      name: row.name,
      role: row.role,
      mayApprove: row.may_approve === 1,
      createdAtMs: row.created_at,
      usedAtMs: row.used_at,
      expiresAtMs: row.expires_at,
    }),
  );

export function findApiToken(db: ReadableDb, hash: string): StoredApiToken | null {
  const raw = statement(db, `SELECT ${columns} FROM api_tokens WHERE hash = ?`).get(hash);
  return raw === undefined ? null : rowSchema.parse(raw);
}

/** Newest first, expired ones included. */
export const readApiTokens = (db: ReadableDb, account: string): StoredApiToken[] =>
  statement(db, `SELECT ${columns} FROM api_tokens WHERE account = ? ORDER BY created_at DESC, id DESC`)
    .all(account)
    .map((raw) => rowSchema.parse(raw));

export function addApiToken(db: WritableDb, hash: string, token: StoredApiToken): void {
  statement(db, `INSERT INTO api_tokens (hash, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    hash,
    token.id,
    token.account,
    token.name,
    token.role,
    token.mayApprove ? 1 : 0,
    token.createdAtMs,
    token.usedAtMs,
    token.expiresAtMs,
  );
}

export const touchApiToken = (db: WritableDb, id: string, usedAtMs: number): void =>
  void statement(db, 'UPDATE api_tokens SET used_at = ? WHERE id = ?').run(usedAtMs, id);

/** Whether the account had it. */
export const deleteApiToken = (db: WritableDb, id: string, account: string): boolean =>
  statement(db, 'DELETE FROM api_tokens WHERE id = ? AND account = ?').run(id, account).changes > 0;

export const deleteApiTokens = (db: WritableDb, account: string): void =>
  void statement(db, 'DELETE FROM api_tokens WHERE account = ?').run(account);
