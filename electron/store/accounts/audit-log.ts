import { z } from 'zod';
import { type Via, vias } from '../../../shared/contract/access/caller.ts';
import { auditOutcomeSchema } from '../../../shared/contract/audit.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

export interface NewAuditEntry {
  atMs: number;
  /** Null: the local administrator, or Signalbox itself. */
  account: string | null;
  name: string;
  via: Via;
  address: string | null;
  call: string;
  /** What it was done to, such as a slug or ids. */
  target: string | null;
  outcome: z.infer<typeof auditOutcomeSchema>;
  /** Why it was refused or failed. */
  error: string | null;
  /** JSON, without secrets. */
  before: string | null;
  after: string | null;
}

export interface AuditEntry extends NewAuditEntry {
  seq: number;
}

export interface AuditFilter {
  /** Part of a name, call, target or address. */
  text?: string | undefined;
  account?: string | undefined;
  /** A call, or a prefix that ends with a dot. */
  call?: string | undefined;
  outcome?: NewAuditEntry['outcome'] | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

const columns = 'at, account, name, via, address, call, target, outcome, error, before, after';
const rowSchema = z
  .object({
    seq: z.number(),
    at: z.number(),
    account: z.string().nullable(),
    name: z.string(),
    via: z.enum(vias),
    address: z.string().nullable(),
    call: z.string(),
    target: z.string().nullable(),
    outcome: auditOutcomeSchema,
    error: z.string().nullable(),
    before: z.string().nullable(),
    after: z.string().nullable(),
  })
  .transform(({ at, ...row }): AuditEntry => ({ ...row, atMs: at }));

export function addAuditEntry(db: WritableDb, entry: NewAuditEntry): void {
  const { atMs, account, name, via, address, call, target, outcome, error, before, after } = entry;
  statement(db, `INSERT INTO audit_log (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    atMs,
    account,
    name,
    via,
    address,
    call,
    target,
    outcome,
    error,
    before,
    after,
  );
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (char) => `\\${char}`);

/** Newest first, from before `beforeSeq`. */
export function readAudit(
  db: ReadableDb,
  filter: AuditFilter,
  page: { beforeSeq: number | null; limit: number },
): AuditEntry[] {
  const where: string[] = [];
  const values: (string | number)[] = [];
  const add = (sql: string, ...given: (string | number)[]): void => {
    where.push(sql);
    values.push(...given);
  };
  if (page.beforeSeq !== null) add('seq < ?', page.beforeSeq);
  if (filter.account !== undefined) add('account = ?', filter.account);
  if (filter.call !== undefined) {
    if (filter.call.endsWith('.')) add("call LIKE ? ESCAPE '\\'", `${escapeLike(filter.call)}%`);
    else add('call = ?', filter.call);
  }
  if (filter.outcome !== undefined) add('outcome = ?', filter.outcome);
  if (filter.fromMs !== undefined) add('at >= ?', filter.fromMs);
  if (filter.toMs !== undefined) add('at < ?', filter.toMs);
  for (const word of (filter.text ?? '').split(/\s+/).filter((one) => one !== '')) {
    const like = `%${escapeLike(word)}%`;
    add(
      `(name LIKE ? ESCAPE '\\' OR call LIKE ? ESCAPE '\\' OR target LIKE ? ESCAPE '\\' OR address LIKE ? ESCAPE '\\')`,
      like,
      like,
      like,
      like,
    );
  }
  const condition = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`;
  return statement(db, `SELECT seq, ${columns} FROM audit_log ${condition} ORDER BY seq DESC LIMIT ?`)
    .all(...values, page.limit)
    .map((raw) => rowSchema.parse(raw));
}

/** Removes at most `limit` older entries. Returns how many. */
export const pruneAudit = (db: WritableDb, beforeMs: number, limit: number): number =>
  statement(db, 'DELETE FROM audit_log WHERE seq IN (SELECT seq FROM audit_log WHERE at < ? ORDER BY at LIMIT ?)').run(
    beforeMs,
    limit,
  ).changes;
