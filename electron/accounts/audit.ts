import type { Logger } from 'pino';
import type { Caller } from '../../shared/contract/access/caller.ts';
import type { AuditEntry } from '../../shared/contract/audit.ts';
import type { Json } from '../../shared/contract/common.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import {
  type AuditFilter,
  addAuditEntry,
  type NewAuditEntry,
  readAudit,
  type AuditEntry as StoredEntry,
} from '../store/accounts/audit-log.ts';
import type { ReadableDb, WritableDb } from '../store/database/open.ts';
import { isoTime } from '../store/database/times.ts';
import { joinFirstWrite } from '../store/write/joined-work.ts';
import type { Writer } from '../store/write/writer.ts';
import { differing } from './audit-difference.ts';

export interface AuditedAction {
  caller: Caller;
  /** A call of the contract, or what happens beside the calls, such as `session.start`. */
  call: string;
  target: string | null;
  outcome: NewAuditEntry['outcome'];
  error?: string;
  /** Plain JSON without secrets; absent: nothing to compare. */
  before?: unknown;
  after?: unknown;
}

export interface AuditedChange extends Pick<AuditedAction, 'caller' | 'call' | 'target'> {
  /** Reads what is changed, within the transaction before and after; null: there is nothing to compare. */
  read?(): unknown;
  /** Details to record where there is nothing to compare; `value` is what the transaction or the action returned. */
  detail?(value: unknown): unknown;
}

export interface Audit {
  /**
   * Runs `action` and records it in the first transaction that it requests: both are on disk or neither. An action that
   * writes nothing is recorded once it is done, and one that fails with its error.
   */
  around<T>(change: AuditedChange, action: () => Promise<T>): Promise<T>;
  /** Records an action within the transaction that does it. */
  recordIn(db: WritableDb, action: AuditedAction): void;
  /** Resolves when it is on disk. Never rejects: the action has happened, and the app's log reports the missing entry. */
  record(action: AuditedAction): Promise<void>;
  /** A call without permission; the same call by the same caller is recorded once a minute. */
  recordRefused(caller: Caller, call: string, error: string): void;
  list(
    filter: AuditFilter,
    page: { cursor: string | null; limit: number },
  ): { items: AuditEntry[]; nextCursor: string | null };
}

export interface AuditDeps {
  db: ReadableDb;
  writer: Writer;
  log: Logger;
  /** Of the local administrator. */
  localName(): string;
  nowMs(): number;
}

/** Longer values are truncated: the log shows what changed and is no backup. */
const maxJsonChars = 64 * 1024;
const maxTargetChars = 2000;
const refusedEveryMs = 60_000;
const maxRefused = 1000;

function toJson(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = stringifyExact(value);
  return text.length <= maxJsonChars ? text : JSON.stringify({ cut: text.slice(0, maxJsonChars) });
}

const fromJson = (text: string | null): Json => (text === null ? null : parseExact(text));

const show = (entry: StoredEntry): AuditEntry => ({
  id: String(entry.seq),
  at: isoTime(entry.atMs),
  accountId: entry.account,
  name: entry.name,
  via: entry.via,
  address: entry.address,
  call: entry.call,
  target: entry.target,
  outcome: entry.outcome,
  error: entry.error,
  before: fromJson(entry.before),
  after: fromJson(entry.after),
});

function readCursor(cursor: string | null): number | null {
  if (cursor === null) return null;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new AppError('invalid_input', 'This cursor does not belong to this list.', [
    { path: ['cursor'], message: 'is unknown' },
  ]);
}

/** The log of operators' actions. Append-only; retention removes old entries. */
export function createAudit({ db, writer, log, localName, nowMs }: AuditDeps): Audit {
  const nameOf = ({ account, via }: Caller): string => {
    if (account !== null) return account.name;
    return via === 'app' || via === 'config_file' ? 'signalbox' : localName();
  };

  const entryOf = ({ caller, call, target, outcome, error, before, after }: AuditedAction): NewAuditEntry => ({
    atMs: nowMs(),
    account: caller.account?.id ?? null,
    name: nameOf(caller),
    via: caller.via,
    address: caller.address,
    call,
    target: target === null ? null : target.slice(0, maxTargetChars),
    outcome,
    error: error ?? null,
    before: toJson(before),
    after: toJson(after),
  });
  const recordIn: Audit['recordIn'] = (tx, action) => addAuditEntry(tx, entryOf(action));

  async function record(action: AuditedAction): Promise<void> {
    const entry = entryOf(action);
    try {
      await writer.write((tx) => addAuditEntry(tx.db, entry));
    } catch (problem) {
      log.error(
        { err: problem, audit: { ...entry, before: undefined, after: undefined } },
        'an audit log entry could not be written',
      );
    }
  }

  async function around<T>(change: AuditedChange, action: () => Promise<T>): Promise<T> {
    const { caller, call, target, read = () => null, detail = () => null } = change;
    const doneWith = (before: unknown, value: unknown): AuditedAction => {
      const after = read();
      const isCompared = before !== null || after !== null;
      const compared = isCompared ? differing(before, after) : { before: null, after: detail(value) };
      return { caller, call, target, outcome: 'done', ...compared };
    };
    let before: unknown = null;
    try {
      const { value, isJoined } = await joinFirstWrite(
        {
          before() {
            before = read();
          },
          after: (tx, result) => recordIn(tx, doneWith(before, result)),
        },
        action,
      );
      if (!isJoined) await record({ caller, call, target, outcome: 'done', after: detail(value) });
      return value;
    } catch (error) {
      const message = error instanceof AppError ? error.message : 'an unexpected error';
      await record({ caller, call, target, outcome: 'failed', error: message });
      throw error;
    }
  }

  const refusedAt = new Map<string, number>();
  return {
    around,
    recordIn,
    record,
    recordRefused(caller, call, error) {
      const key = `${caller.account?.id ?? ''} ${call}`;
      const now = nowMs();
      if (now - (refusedAt.get(key) ?? Number.NEGATIVE_INFINITY) < refusedEveryMs) return;
      if (refusedAt.size >= maxRefused) refusedAt.clear();
      refusedAt.set(key, now);
      void record({ caller, call, target: null, outcome: 'refused', error });
    },
    list(filter, { cursor, limit }) {
      const entries = readAudit(db, filter, { beforeSeq: readCursor(cursor), limit: limit + 1 });
      const shown = entries.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map(show),
        nextCursor: entries.length > limit && last !== undefined ? String(last.seq) : null,
      };
    },
  };
}
