import { describe, expect, it } from 'vitest';
import {
  begin,
  confirm,
  forgetElsewhere,
  noAcknowledging,
  receive,
  release,
} from '../../../../renderer/model/runs/acknowledging.ts';
import { someRun } from './some-run.ts';

const acknowledged = (n: number, by: string | null) =>
  someRun(n, {
    needsAcknowledgement: false,
    needsAttention: null,
    acknowledgedAt: '2026-03-01T11:00:00.000Z',
    acknowledgedBy: by,
  });
const shown = new Set([someRun(1).id, someRun(2).id, someRun(3).id]);

describe('acknowledging', () => {
  it('does not let a late push bring back what is being acknowledged', () => {
    const state = begin(noAcknowledging, [someRun(1).id]);
    expect(receive(state, shown, [someRun(1), someRun(2)]).rows.map((run) => run.id)).toEqual([someRun(2).id]);
  });

  it('lets it back in when the call failed', () => {
    const state = release(begin(noAcknowledging, [someRun(1).id]), [someRun(1).id]);
    expect(state.pending.size).toBe(0);
    expect(receive(state, shown, [someRun(1)]).rows).toHaveLength(1);
  });

  it('is not news when this window did it', () => {
    const state = confirm(begin(noAcknowledging, [someRun(1).id]), [someRun(1).id]);
    expect(receive(state, shown, [acknowledged(1, 'operator')]).state.elsewhere).toBeNull();
    expect(state.undoable).toEqual([someRun(1).id]);
  });

  it('counts what others acknowledge, with their name while it is one', () => {
    const first = receive(noAcknowledging, shown, [acknowledged(1, 'ada')]).state;
    expect(first.elsewhere).toEqual({ count: 1, by: 'ada' });
    const second = receive(first, shown, [acknowledged(2, 'ada')]).state;
    expect(second.elsewhere).toEqual({ count: 2, by: 'ada' });
    expect(receive(second, shown, [acknowledged(3, 'bob')]).state.elsewhere).toEqual({ count: 3, by: null });
    expect(forgetElsewhere(second).elsewhere).toBeNull();
  });

  it('says nothing about runs that were not on show', () => {
    expect(receive(noAcknowledging, shown, [acknowledged(9, 'ada')]).state.elsewhere).toBeNull();
  });

  it('counts a run that came back and was acknowledged by another as news', () => {
    const id = someRun(1).id;
    const undone = release(confirm(begin(noAcknowledging, [id]), [id]), [id]);
    expect(undone.undoable).toEqual([]);
    expect(receive(undone, shown, [acknowledged(1, 'ada')]).state.elsewhere).toEqual({ count: 1, by: 'ada' });
  });
});
