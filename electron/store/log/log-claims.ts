import type { ReadableDb, WritableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';

const claimed = prepared('INSERT OR REPLACE INTO log_claims (run_seq, attempt, member) VALUES (?, ?, ?)');
/** The member runs this attempt. */
export const addClaim = (db: WritableDb, runSeq: number, attempt: number, member: string): void => {
  claimed(db).run(runSeq, attempt, member);
};

const ended = prepared('DELETE FROM log_claims WHERE run_seq = ?');
export const endClaim = (db: WritableDb, runSeq: number): void => {
  ended(db).run(runSeq);
};

const byMember = prepared<{ run_seq: number }>('SELECT run_seq FROM log_claims WHERE member = ? ORDER BY run_seq');
export const claimsOf = (db: ReadableDb, member: string): number[] =>
  byMember(db)
    .all(member)
    .map(({ run_seq: seq }) => seq);

const byNode = prepared<{ run_seq: number }>(
  'SELECT c.run_seq FROM log_claims c CROSS JOIN log_members m ON m.member = c.member WHERE m.node = ?',
);
/** Of all its members. */
export const claimsOfNode = (db: ReadableDb, node: string): number[] =>
  byNode(db)
    .all(node)
    .map(({ run_seq: seq }) => seq);

const holder = prepared<{ name: string }>(
  'SELECT m.name FROM log_claims c JOIN log_members m ON m.member = c.member WHERE c.run_seq = ? AND m.node <> ?',
);
/** The name of the node that runs it; null where it is `node` itself, or none. */
export const otherNodeOf = (db: ReadableDb, runSeq: number, node: string): string | null =>
  holder(db).get(runSeq, node)?.name ?? null;
