import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

/** A passkey of an account. Times in milliseconds since 1970. */
export interface StoredPasskey {
  /** Of the credential, as base64url. */
  id: string;
  account: string;
  name: string;
  /** Host name of the console that it was created for; it works under no other. */
  rpId: string;
  /** COSE. */
  publicKey: Uint8Array<ArrayBuffer>;
  /** Of the authenticator, at the last sign-in; 0: it counts nothing. */
  counter: number;
  /** Hints for the browser, such as `internal` and `hybrid`. */
  transports: string[];
  createdAtMs: number;
  usedAtMs: number | null;
}

const columns = 'id, account, name, rp_id, public_key, counter, transports, created_at, used_at';
const rowSchema = z
  .object({
    id: z.string(),
    account: z.string(),
    name: z.string(),
    rp_id: z.string(),
    public_key: z.instanceof(Uint8Array),
    counter: z.number(),
    transports: z.string(),
    created_at: z.number(),
    used_at: z.number().nullable(),
  })
  .transform(
    (row): StoredPasskey => ({
      id: row.id,
      account: row.account,
      name: row.name,
      rpId: row.rp_id,
      publicKey: new Uint8Array(row.public_key),
      counter: row.counter,
      transports: row.transports.split(' ').filter((one) => one !== ''),
      createdAtMs: row.created_at,
      usedAtMs: row.used_at,
    }),
  );

export function findPasskey(db: ReadableDb, id: string): StoredPasskey | null {
  const raw = statement(db, `SELECT ${columns} FROM passkeys WHERE id = ?`).get(id);
  return raw === undefined ? null : rowSchema.parse(raw);
}

/** Newest first. */
export const readPasskeys = (db: ReadableDb, account: string): StoredPasskey[] =>
  statement(db, `SELECT ${columns} FROM passkeys WHERE account = ? ORDER BY created_at DESC, id`)
    .all(account)
    .map((raw) => rowSchema.parse(raw));

export const hasPasskey = (db: ReadableDb, account: string): boolean =>
  statement(db, 'SELECT 1 FROM passkeys WHERE account = ? LIMIT 1').get(account) !== undefined;

/** Whether any account has one for this host name. */
export const hasPasskeysFor = (db: ReadableDb, rpId: string): boolean =>
  statement(db, 'SELECT 1 FROM passkeys WHERE rp_id = ? LIMIT 1').get(rpId) !== undefined;

export function addPasskey(db: WritableDb, passkey: StoredPasskey): void {
  statement(db, `INSERT INTO passkeys (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    passkey.id,
    passkey.account,
    passkey.name,
    passkey.rpId,
    Buffer.from(passkey.publicKey),
    passkey.counter,
    passkey.transports.join(' '),
    passkey.createdAtMs,
    passkey.usedAtMs,
  );
}

/** Keeps the counter of a sign-in; false: the passkey was removed, or has signed in with this counter or a higher one. */
export const keepCounter = (db: WritableDb, id: string, counter: number, usedAtMs: number): boolean =>
  statement(
    db,
    'UPDATE passkeys SET counter = ?, used_at = ? WHERE id = ? AND (counter < ? OR (counter = 0 AND ? = 0))',
  ).run(counter, usedAtMs, id, counter, counter).changes > 0;

/** Whether the account had it. */
export const renamePasskey = (db: WritableDb, id: string, account: string, name: string): boolean =>
  statement(db, 'UPDATE passkeys SET name = ? WHERE id = ? AND account = ?').run(name, id, account).changes > 0;

/** Whether the account had it. */
export const deletePasskey = (db: WritableDb, id: string, account: string): boolean =>
  statement(db, 'DELETE FROM passkeys WHERE id = ? AND account = ?').run(id, account).changes > 0;

export const deletePasskeys = (db: WritableDb, account: string): void =>
  void statement(db, 'DELETE FROM passkeys WHERE account = ?').run(account);
