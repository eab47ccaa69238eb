import type { Run } from '../../shared/contract/runs.ts';
import { normaliseError, whyOf } from './runs-why.ts';

/** Runs that ended alike: same job, listener, reason and (normalised) error. Newest first. */
export interface InboxGroup {
  key: string;
  runs: readonly [Run, ...Run[]];
}

/** A line of the list. A group of one is one plain line; a larger one has a head, and its runs below when it is open. */
export type InboxRow =
  | { kind: 'group'; key: string; group: InboxGroup; isOpen: boolean }
  | { kind: 'run'; key: string; group: InboxGroup; run: Run; isMember: boolean };

const waitsForDecision = (run: Run): boolean => run.needsAttention === 'approval' || run.needsAttention === 'question';

export function groupKeyOf(run: Run): string {
  // What waits for a decision is decided one by one: alike as two may look, their events differ.
  if (waitsForDecision(run)) return `group:${run.id}`;
  const ending =
    run.state === 'completed' ? 'completed' : `${run.state}/${run.reason ?? ''}/${run.exitCode ?? run.signal ?? ''}`;
  return `group:${run.job}/${run.listener ?? ''}/${ending}/${normaliseError(whyOf(run))}`;
}

/**
 * `runs` newest first; a group stands where its newest run stands. What cannot go on without a decision stands before
 * what has ended.
 */
export function groupRuns(runs: readonly Run[]): InboxGroup[] {
  const byKey = new Map<string, [Run, ...Run[]]>();
  for (const run of runs) {
    const key = groupKeyOf(run);
    const members = byKey.get(key);
    if (members === undefined) byKey.set(key, [run]);
    else members.push(run);
  }
  const groups = [...byKey].map(([key, members]) => ({ key, runs: members }));
  return [
    ...groups.filter((group) => waitsForDecision(group.runs[0])),
    ...groups.filter((group) => !waitsForDecision(group.runs[0])),
  ];
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

/** Where the cursor goes when the list changed: it stays; if its line is gone, to the next line that is left, else the one before. */
export function keepCursor(
  before: readonly { key: string }[],
  after: readonly { key: string }[],
  activeKey: string | null,
): string | null {
  const first = after[0]?.key ?? null;
  if (activeKey === null) return null;
  const left = new Set(after.map((row) => row.key));
  if (left.has(activeKey)) return activeKey;
  const at = before.findIndex((row) => row.key === activeKey);
  if (at === -1) return first;
  for (let index = at + 1; index < before.length; index++) {
    const key = before[index]?.key;
    if (key !== undefined && left.has(key)) return key;
  }
  for (let index = at - 1; index >= 0; index--) {
    const key = before[index]?.key;
    if (key !== undefined && left.has(key)) return key;
  }
  return first;
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
