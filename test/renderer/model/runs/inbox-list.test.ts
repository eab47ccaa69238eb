import { beforeEach, describe, expect, it, vi } from 'vitest';
import { noAcknowledging } from '../../../../renderer/model/runs/acknowledging.ts';
import type { Run } from '../../../../shared/contract/runs.ts';
import { eventually } from '../../../support/eventually.ts';
import { someRun } from './some-run.ts';

const far = vi.hoisted(() => ({ call: vi.fn<(name: string, input: { ids?: string[] }) => Promise<unknown>>() }));
vi.mock('../../../../renderer/client/index.ts', () => ({
  call: far.call,
  onPush: () => () => undefined,
  onGap: () => () => undefined,
  toAppError: (error: unknown) => error,
}));
const { acknowledge, inboxList, unacknowledge, useInbox } = await import(
  '../../../../renderer/model/runs/inbox-list.ts'
);

const runs = Array.from({ length: 700 }, (_, index) => someRun(700 - index));
const ids = runs.map((run) => run.id);
const done = (run: Run): Run => ({
  ...run,
  needsAcknowledgement: false,
  needsAttention: null,
  acknowledgedAt: '2026-03-01T11:00:00.000Z',
});
const byId = new Map(runs.map((run) => [run.id, run]));
const answer = (change: (run: Run) => Run, given: string[] = []) =>
  Promise.resolve({ items: given.flatMap((id) => byId.get(id) ?? []).map(change) });

describe('the inbox', () => {
  beforeEach(async () => {
    useInbox.setState(noAcknowledging);
    far.call.mockReset();
    far.call.mockResolvedValue({ items: runs, nextCursor: null });
    inboxList.reload();
    await eventually(() => expect(inboxList.get().items).toHaveLength(runs.length));
  });

  it('hides a run before the far side has answered, and takes it out when it has', async () => {
    let settle: (value: unknown) => void = () => undefined;
    far.call.mockImplementation(() => new Promise((resolve) => (settle = resolve)));
    const acknowledging = acknowledge(ids.slice(0, 1), 'seen');
    expect(useInbox.getState().pending.has(ids[0] ?? '')).toBe(true);
    expect(far.call).toHaveBeenLastCalledWith('runs.acknowledge', { ids: ids.slice(0, 1), note: 'seen' });
    settle({ items: runs.slice(0, 1).map(done) });
    await acknowledging;
    expect(inboxList.get().items).toHaveLength(runs.length - 1);
    expect(useInbox.getState().pending.size).toBe(0);
  });

  it('lets go of what the far side refused and keeps what it took', async () => {
    far.call.mockImplementation((_name, { ids: given }) =>
      given?.length === 500 ? answer(done, given) : Promise.reject(new Error('unavailable')),
    );
    await expect(acknowledge(ids)).rejects.toThrow('unavailable');
    const { pending, undoable } = useInbox.getState();
    expect(pending.size).toBe(0);
    expect(undoable).toEqual(ids.slice(0, 500));
    expect(inboxList.get().items.map((run) => run.id)).toEqual(ids.slice(500));
  });

  it('has a run back where it was when its acknowledgement is taken back', async () => {
    far.call.mockImplementation((name, { ids: given }) =>
      answer(name === 'runs.acknowledge' ? done : (run) => run, given),
    );
    await acknowledge(ids.slice(3, 5));
    await unacknowledge(ids.slice(3, 5));
    expect(inboxList.get().items.map((run) => run.id)).toEqual(ids);
    expect(useInbox.getState().undoable).toEqual([]);
  });
});
