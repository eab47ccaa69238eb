import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

const rowSchema = z.object({ account: z.string(), expires_at: z.number() });

/** The link's account; null: no such link, or it has expired. */
export function findLink(db: ReadableDb, hash: string, nowMs: number): string | null {
  const raw = statement(db, 'SELECT account, expires_at FROM account_links WHERE hash = ?').get(hash);
  if (raw === undefined) return null;
  const row = rowSchema.parse(raw);
  return row.expires_at > nowMs ? row.account : null;
}

/** Replaces the account's other links. */
export function putLink(db: WritableDb, link: { hash: string; account: string; expiresAtMs: number }): void {
  deleteLinks(db, link.account);
  statement(db, 'INSERT INTO account_links (hash, account, expires_at) VALUES (?, ?, ?)').run(
    link.hash,
    link.account,
    link.expiresAtMs,
  );
}

export const deleteLinks = (db: WritableDb, account: string): void =>
  void statement(db, 'DELETE FROM account_links WHERE account = ?').run(account);
