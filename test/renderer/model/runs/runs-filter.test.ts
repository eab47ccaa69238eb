import { describe, expect, it } from 'vitest';
import { mergeRun } from '../../../../renderer/model/runs/run-detail.ts';
import { belongsToRuns, chooseJob, toggleState } from '../../../../renderer/model/runs/runs-filter.ts';
import { runStates } from '../../../../shared/contract/runs.ts';
import { someRun } from './some-run.ts';

describe('filters of the runs list', () => {
  it('takes a changed run that has the chosen states and job', () => {
    const params = { state: ['failed' as const], job: 'import' };
    expect(belongsToRuns(someRun(1), { query: '', params })).toBe('yes');
    expect(belongsToRuns(someRun(1, { state: 'running' }), { query: '', params })).toBe('no');
    expect(belongsToRuns(someRun(1, { job: 'export' }), { query: '', params })).toBe('no');
  });

  it('leaves a query to the far side, but not what the chips already rule out', () => {
    expect(belongsToRuns(someRun(1), { query: 'type:x', params: {} })).toBe('unknown');
    expect(belongsToRuns(someRun(1), { query: 'type:x', params: { state: ['running'] } })).toBe('no');
  });

  it('adds and takes away states in their usual order; none means all', () => {
    const two = toggleState(toggleState({}, 'failed', runStates), 'queued', runStates);
    expect(two).toEqual({ state: ['queued', 'failed'] });
    expect(toggleState(toggleState(two, 'queued', runStates), 'failed', runStates)).toEqual({});
  });

  it('forgets the job when none is chosen and keeps the states', () => {
    const filter = chooseJob({ state: ['failed'] }, 'import');
    expect(filter).toEqual({ state: ['failed'], job: 'import' });
    expect(chooseJob(filter, null)).toEqual({ state: ['failed'] });
  });
});

describe('a run on show', () => {
  const detail = {
    ...someRun(1, { state: 'running' }),
    history: [],
    annotations: [],
    questions: [],
    retriedBy: [],
    causes: [],
  };

  it('takes progress from a push without asking again', () => {
    const progress = { percent: 40, message: 'Loading rows' };
    const merged = mergeRun(detail, someRun(1, { state: 'running', progress }));
    expect(merged.detail.progress).toEqual(progress);
    expect(merged.isEnough).toBe(true);
  });

  it('asks again when it changed state or began another attempt', () => {
    expect(mergeRun(detail, someRun(1, { state: 'completed' })).isEnough).toBe(false);
    const ended = { ...detail, ...someRun(1, { state: 'completed', finishedAt: '2026-01-01T00:00:00.000Z' }) };
    expect(mergeRun(ended, ended).isEnough, 'a note may have been added').toBe(false);
    expect(mergeRun(detail, someRun(1, { state: 'running', attempt: 2 })).isEnough).toBe(false);
  });
});
