import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

/** A browser that is signed in. Times in milliseconds since 1970. */
export interface StoredSession {
  /** Public, for lists and revoking; of the cookie's secret only a hash is stored. */
  id: string;
  account: string;
  createdAtMs: number;
  usedAtMs: number;
  expiresAtMs: number;
  address: string;
  /** The User-Agent. */
  browser: string;
}

const columns = 'id, account, created_at, used_at, expires_at, address, browser';
const rowSchema = z
  .object({
    id: z.string(),
    account: z.string(),
    created_at: z.number(),
    used_at: z.number(),
    expires_at: z.number(),
    address: z.string(),
    browser: z.string(),
  })
  .transform(
    (row): StoredSession => ({
      id: row.id,
      account: row.account,
      createdAtMs: row.created_at,
      usedAtMs: row.used_at,
      expiresAtMs: row.expires_at,
      address: row.address,
      browser: row.browser,
    }),
  );

export function findSession(db: ReadableDb, hash: string): StoredSession | null {
  const raw = statement(db, `SELECT ${columns} FROM account_sessions WHERE hash = ?`).get(hash);
  return raw === undefined ? null : rowSchema.parse(raw);
}

/** Most recently used first, without expired ones. */
export const readSessions = (db: ReadableDb, account: string, nowMs: number): StoredSession[] =>
  statement(
    db,
    `SELECT ${columns} FROM account_sessions WHERE account = ? AND expires_at > ? ORDER BY used_at DESC, id DESC`,
  )
    .all(account, nowMs)
    .map((raw) => rowSchema.parse(raw));

export function addSession(db: WritableDb, hash: string, session: StoredSession): void {
  statement(db, 'DELETE FROM account_sessions WHERE expires_at <= ?').run(session.createdAtMs);
  statement(db, `INSERT INTO account_sessions (hash, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`).run(
    hash,
    session.id,
    session.account,
    session.createdAtMs,
    session.usedAtMs,
    session.expiresAtMs,
    session.address,
    session.browser,
  );
}

export const touchSession = (db: WritableDb, id: string, usedAtMs: number, expiresAtMs: number): void =>
  void statement(db, 'UPDATE account_sessions SET used_at = ?, expires_at = ? WHERE id = ?').run(
    usedAtMs,
    expiresAtMs,
    id,
  );

/** Whether there was one. */
export const deleteSession = (db: WritableDb, id: string): boolean =>
  statement(db, 'DELETE FROM account_sessions WHERE id = ?').run(id).changes > 0;

export const deleteSessions = (db: WritableDb, account: string, exceptId: string | null = null): void =>
  void statement(db, 'DELETE FROM account_sessions WHERE account = ? AND id IS NOT ?').run(account, exceptId);

/** Keeps an account's most recently used sessions. */
export const trimSessions = (db: WritableDb, account: string, keep: number): void =>
  void statement(
    db,
    `DELETE FROM account_sessions WHERE account = ? AND id NOT IN (
       SELECT id FROM account_sessions WHERE account = ? ORDER BY used_at DESC, id DESC LIMIT ?)`,
  ).run(account, account, keep);
