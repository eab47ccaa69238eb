import type { Run } from '../../../../shared/contract/runs.ts';
import { endKeyOf } from '../../../../shared/failures/failure-key.ts';

/** Runs that ended alike: same job, listener, reason and (normalised) error. Newest first. */
export interface InboxGroup {
  key: string;
  runs: readonly [Run, ...Run[]];
}

/** A line of the list. A group of one is one plain line; a larger one has a head, and its runs below when it is open. */
export type InboxRow =
  | { kind: 'group'; key: string; group: InboxGroup; isOpen: boolean }
  | { kind: 'run'; key: string; group: InboxGroup; run: Run; isMember: boolean };

/** A run that cannot go on without an approval or an answer; everything else in the inbox has ended. */
export const waitsForDecision = (run: Run): boolean =>
  run.needsAttention === 'approval' || run.needsAttention === 'question';

export function groupKeyOf(run: Run): string {
  // What waits for a decision is decided one by one: alike as two may look, their events differ.
  if (waitsForDecision(run)) return `group:${run.id}`;
  return `group:${endKeyOf(run)}`;
}

/** Decisions first, as runs wait for them; then failures; then successes to acknowledge. */
function rankOf({ runs: [run] }: InboxGroup): number {
  if (waitsForDecision(run)) return 0;
  return run.state === 'completed' ? 2 : 1;
}

/** `runs` newest first; within a rank, a group has the place of its newest run. */
export function groupRuns(runs: readonly Run[]): InboxGroup[] {
  const byKey = new Map<string, [Run, ...Run[]]>();
  for (const run of runs) {
    const key = groupKeyOf(run);
    const members = byKey.get(key);
    if (members === undefined) byKey.set(key, [run]);
    else members.push(run);
  }
  return [...byKey]
    .map(([key, members]): InboxGroup => ({ key, runs: members }))
    .sort((one, other) => rankOf(one) - rankOf(other));
}

/**
 * The first line of a group keeps the group's key whether it has one run or many, so that the cursor on it stays when
 * the group grows or shrinks.
 */
export function rowsOf(groups: readonly InboxGroup[], open: ReadonlySet<string>): InboxRow[] {
  const rows: InboxRow[] = [];
  for (const group of groups) {
    if (group.runs.length === 1) {
      rows.push({ kind: 'run', key: group.key, group, run: group.runs[0], isMember: false });
      continue;
    }
    const isOpen = open.has(group.key);
    rows.push({ kind: 'group', key: group.key, group, isOpen });
    if (isOpen) for (const run of group.runs) rows.push({ kind: 'run', key: run.id, group, run, isMember: true });
  }
  return rows;
}

/** The runs a line stands for: a head stands for all of its group. */
export const runsOfRow = (row: InboxRow): readonly Run[] => (row.kind === 'group' ? row.group.runs : [row.run]);

interface CursorRow {
  key: string;
  /** Keys pressed on this row decide something that cannot be undone. */
  isDecision: boolean;
}

export const cursorRows = (rows: readonly InboxRow[]): CursorRow[] =>
  rows.map((row) => ({ key: row.key, isDecision: row.kind === 'run' && waitsForDecision(row.run) }));

/**
 * Where the cursor is after the list changed: on its row; if that is gone, on the next row that is left, else the one
 * before. It never moves onto a decision, which has to be chosen: a key meant for the row before would decide it. Null
 * when only decisions are left.
 */
export function keepCursor(
  before: readonly CursorRow[],
  after: readonly CursorRow[],
  activeKey: string | null,
): string | null {
  const safe = new Set(after.flatMap((row) => (row.isDecision ? [] : [row.key])));
  const first = after.find((row) => !row.isDecision)?.key ?? null;
  if (activeKey === null) return first;
  const at = before.findIndex((row) => row.key === activeKey);
  const row = after.find(({ key }) => key === activeKey);
  if (row !== undefined && (!row.isDecision || at === -1 || before[at]?.isDecision === true)) return activeKey;
  if (at === -1) return first;
  const below = before.slice(at + 1).find(({ key }) => safe.has(key));
  const above = before.slice(0, at).findLast(({ key }) => safe.has(key));
  return below?.key ?? above?.key ?? first;
}

/** What an action applies to: the checked lines, or else the line under the cursor. Ids without repeats, in list order. */
export function targetIds(rows: readonly InboxRow[], checked: ReadonlySet<string>, activeKey: string | null): string[] {
  const chosen = rows.filter((row) => checked.has(row.key));
  const from = chosen.length > 0 ? chosen : rows.filter((row) => row.key === activeKey);
  return [...new Set(from.flatMap((row) => runsOfRow(row).map((run) => run.id)))];
}

/** Of these runs, those an acknowledgement is for; what waits for approval or an answer is decided by itself. */
export const acknowledgeable = (rows: readonly InboxRow[], ids: readonly string[]): string[] => {
  const wanted = new Set(
    rows.flatMap((row) => runsOfRow(row).flatMap((run) => (run.needsAcknowledgement ? [run.id] : []))),
  );
  return ids.filter((id) => wanted.has(id));
};

/** Keys that still have a line; the same set when nothing was lost. */
export function keepChecked(checked: ReadonlySet<string>, rows: readonly InboxRow[]): ReadonlySet<string> {
  if (checked.size === 0) return checked;
  const keys = new Set(rows.map((row) => row.key));
  const left = [...checked].filter((key) => keys.has(key));
  return left.length === checked.size ? checked : new Set(left);
}
