import type { ReadableDb, WritableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';

/** A process that takes part in a cluster: a node is another member after each start. */
export interface LogMember {
  member: string;
  node: string;
  name: string;
}

const joined = prepared(
  "INSERT OR IGNORE INTO log_members (member, node, name, state, joined_at) VALUES (?, ?, ?, 'live', ?)",
);
export const addMember = (db: WritableDb, { member, node, name }: LogMember, atMs: number): void => {
  joined(db).run(member, node, name, atMs);
};

const left = prepared("UPDATE log_members SET state = 'gone', gone_at = ? WHERE member = ? AND state = 'live'");
/** False when it is not one of the live members. */
export const removeMember = (db: WritableDb, member: string, atMs: number): boolean =>
  left(db).run(atMs, member).changes === 1;

const old = prepared("DELETE FROM log_members WHERE state = 'gone' AND gone_at < ?");
export const forgetMembers = (db: WritableDb, goneBeforeMs: number): void => {
  old(db).run(goneBeforeMs);
};

const live = prepared<LogMember>("SELECT member, node, name FROM log_members WHERE state = 'live' ORDER BY member");
export const liveMembers = (db: ReadableDb): LogMember[] => live(db).all();

const one = prepared<{ state: string }>('SELECT state FROM log_members WHERE member = ?');
export const isLiveMember = (db: ReadableDb, member: string): boolean => one(db).get(member)?.state === 'live';

const counted = prepared('UPDATE log_members SET turn = ? WHERE member = ? AND turn < ?');
/** False when that turn, or a later one, was applied before. */
export const countTurn = (db: WritableDb, member: string, turn: number): boolean =>
  counted(db).run(turn, member, turn).changes === 1;
