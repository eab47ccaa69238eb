import { describe, expect, it } from 'vitest';
import {
  acknowledgeable,
  cursorRows,
  groupRuns,
  keepChecked,
  keepCursor,
  rowsOf,
  runsOfRow,
  targetIds,
} from '../../../../renderer/features/inbox/model/inbox-rows.ts';
import { whyOf } from '../../../../renderer/model/runs/run-why.ts';
import { normaliseError } from '../../../../shared/failures/failure-key.ts';
import { outcomeHeading } from '../../../../shared/failures/failure-message.ts';
import { someRun } from '../../model/runs/some-run.ts';

const closed: ReadonlySet<string> = new Set();

describe('groups of the inbox', () => {
  it('puts runs together that ended alike, whatever ids, numbers and times their errors name', () => {
    const groups = groupRuns([
      someRun(3, { error: 'Space us_sp_9 not found at 10.0.0.7:8080 after 31 ms' }),
      someRun(2, { error: 'Space us_sp_2 not found at 10.0.0.8:8080 after 7 ms' }),
      someRun(1, { error: 'Permission denied' }),
    ]);
    expect(groups.map((group) => group.runs.map((run) => run.id))).toEqual([
      ['run_000003', 'run_000002'],
      ['run_000001'],
    ]);
  });

  it('keeps apart what differs in job, listener, reason or exit code', () => {
    const groups = groupRuns([
      someRun(5),
      someRun(4, { job: 'export' }),
      someRun(3, { listener: 'other' }),
      someRun(2, { reason: 'timeout', exitCode: null }),
      someRun(1, { exitCode: 2 }),
    ]);
    expect(groups).toHaveLength(5);
  });

  it('orders groups by their newest run', () => {
    const groups = groupRuns([someRun(4, { error: 'b' }), someRun(3, { error: 'a' }), someRun(2, { error: 'b' })]);
    expect(groups.map((group) => group.runs[0].error)).toEqual(['b', 'a']);
  });

  it('puts decisions before failures, and failures before successes, each newest first', () => {
    const groups = groupRuns([
      someRun(6, { state: 'completed', reason: null, exitCode: 0 }),
      someRun(5, { state: 'canceled', reason: 'canceled', exitCode: null }),
      someRun(4, { error: 'b' }),
      someRun(3, { state: 'pending', needsAttention: 'approval', needsAcknowledgement: false }),
      someRun(2, { error: 'a' }),
      someRun(1, { state: 'interaction_required', needsAttention: 'question', needsAcknowledgement: false }),
    ]);
    expect(groups.map((group) => group.runs[0].id.slice(-1))).toEqual(['3', '1', '5', '4', '2', '6']);
  });

  it('shows one run as a line, several under a head that opens', () => {
    const groups = groupRuns([someRun(3, { error: 'a' }), someRun(2, { error: 'b' }), someRun(1, { error: 'b' })]);
    expect(rowsOf(groups, closed).map((row) => row.kind)).toEqual(['run', 'group']);
    const key = groups[1]?.key ?? '';
    const open = rowsOf(groups, new Set([key]));
    expect(open.map((row) => row.kind)).toEqual(['run', 'group', 'run', 'run']);
    expect(open.map((row) => runsOfRow(row).length)).toEqual([1, 2, 1, 1]);
  });
});

describe('the cursor of the inbox', () => {
  /** A key in capitals is a decision's. */
  const rows = (...keys: string[]) => keys.map((key) => ({ key, isDecision: key === key.toUpperCase() }));

  it('stays on its line when others come and go', () => {
    expect(keepCursor(rows('a', 'b', 'c'), rows('x', 'c', 'b'), 'b')).toBe('b');
  });
  it('goes to the next line when its own is gone, and to the one before at the end', () => {
    expect(keepCursor(rows('a', 'b', 'c'), rows('a', 'c'), 'b')).toBe('c');
    expect(keepCursor(rows('a', 'b', 'c'), rows('a', 'b'), 'c')).toBe('b');
  });
  it('skips neighbours that left with it', () => {
    expect(keepCursor(rows('a', 'b', 'c', 'd'), rows('a', 'd'), 'b')).toBe('d');
  });
  it('is nowhere when nothing is left, and on the first row that ended when one comes', () => {
    expect(keepCursor(rows('a'), [], 'a')).toBeNull();
    expect(keepCursor([], rows('X', 'a'), null)).toBe('a');
  });
  it('never moves onto a decision: not from an ended row, not from the decision before it, not when one comes', () => {
    expect(keepCursor(rows('X', 'a'), rows('X'), 'a')).toBeNull();
    expect(keepCursor(rows('X', 'a', 'b'), rows('X', 'b'), 'a')).toBe('b');
    expect(keepCursor(rows('X', 'Y', 'a'), rows('Y', 'a'), 'X')).toBe('a');
    expect(keepCursor(rows('X', 'Y'), rows('Y'), 'X')).toBeNull();
    expect(keepCursor([], rows('X'), null)).toBeNull();
    expect(keepCursor(rows('a'), rows('X'), 'gone')).toBeNull();
  });
  it('stays on a decision that was chosen, and leaves a row that has become one', () => {
    expect(keepCursor(rows('X', 'a'), rows('Y', 'X', 'a'), 'X')).toBe('X');
    const ended = { key: 'k', isDecision: false };
    expect(keepCursor([ended], [{ ...ended, isDecision: true }], 'k')).toBeNull();
  });
  it('stays on a group that shrinks to one run or grows from one', () => {
    const two = rowsOf(groupRuns([someRun(2), someRun(1)]), closed);
    const one = rowsOf(groupRuns([someRun(1)]), closed);
    const key = two[0]?.key ?? '';
    expect(keepCursor(cursorRows(two), cursorRows(one), key)).toBe(key);
    expect(keepCursor(cursorRows(one), cursorRows(two), key)).toBe(key);
  });
});

describe('what an action in the inbox applies to', () => {
  const groups = groupRuns([someRun(3, { error: 'a' }), someRun(2, { error: 'b' }), someRun(1, { error: 'b' })]);
  const [single, head] = rowsOf(groups, closed);

  it('is the line under the cursor, with all of its group', () => {
    expect(targetIds(rowsOf(groups, closed), closed, head?.key ?? '')).toEqual(['run_000002', 'run_000001']);
  });
  it('is the selection when there is one, each run once', () => {
    const open = rowsOf(groups, new Set([head?.key ?? '']));
    expect(targetIds(open, new Set([head?.key ?? '', 'run_000001']), single?.key ?? '')).toEqual([
      'run_000002',
      'run_000001',
    ]);
  });
  it('forgets lines that are gone from the selection', () => {
    const checked = new Set(['gone', single?.key ?? '']);
    expect([...keepChecked(checked, rowsOf(groups, closed))]).toEqual([single?.key]);
  });
});

describe('why a run stands in the inbox', () => {
  it('is its error first, then its reason in words', () => {
    expect(whyOf(someRun(1, { error: 'No such file: x\nat y' }))).toBe('No such file: x');
    expect(whyOf(someRun(1, { exitCode: 3 }))).toBe('Exited with code 3');
    expect(whyOf(someRun(1, { reason: 'signal', signal: 'SIGKILL' }))).toBe('Ended by SIGKILL');
  });
  it('is the heading of the outcome for what completed or said itself that it failed', () => {
    expect(
      whyOf(someRun(1, { state: 'completed', reason: 'exit', exitCode: 0, outcome: { heading: 'Imported 214 rows' } })),
    ).toBe('Imported 214 rows');
    expect(whyOf(someRun(1, { reason: 'outcome', outcome: 'No space left' }))).toBe('No space left');
  });
  it('takes an outcome without a heading as its JSON, shortened', () => {
    expect(outcomeHeading({ rows: 3, at: { sheet: 'a' } })).toBe('rows: 3 · at: {"sheet":"a"}');
    expect(outcomeHeading({})).toBe('{}');
    expect(outcomeHeading([1, 2])).toBe('[1,2]');
    expect(outcomeHeading(null)).toBeNull();
    expect(outcomeHeading('x'.repeat(500))?.length).toBe(200);
  });
  it('does not mistake words for ids', () => {
    expect(normaliseError('Cannot feed deadbeef decade to the  facade')).toBe(
      'Cannot feed deadbeef decade to the facade',
    );
    expect(normaliseError('commit 3f2a9c1d7b at 2026-01-02T03:04:05Z took 12 s')).toBe(
      'commit ‹hex› at ‹time› took ‹n› s',
    );
  });
});

describe('runs that wait for a decision', () => {
  const pending = (n: number) =>
    someRun(n, { state: 'pending', reason: null, needsAttention: 'approval', needsAcknowledgement: false });

  it('are never grouped, alike as they look', () => {
    expect(groupRuns([pending(2), pending(1)]).length).toBe(2);
  });

  it('are left alone by an acknowledgement of a selection', () => {
    const rows = rowsOf(groupRuns([pending(3), someRun(2), someRun(1)]), closed);
    const ids = targetIds(rows, new Set(rows.map((row) => row.key)), null);
    expect(ids).toEqual(['run_000003', 'run_000002', 'run_000001']);
    expect(acknowledgeable(rows, ids)).toEqual(['run_000002', 'run_000001']);
  });

  it('say what they wait for', () => {
    expect(whyOf(pending(1))).toBe('Waiting for approval');
    const question = {
      id: 'q',
      type: 'mfa',
      message: 'Which code?\nFrom the app.',
      fields: [],
      askedAt: '2026-03-01T10:00:00.000Z',
      expiresAt: '2026-03-01T10:15:00.000Z',
    };
    expect(whyOf(someRun(1, { state: 'interaction_required', question }))).toBe('Which code?');
  });
});
