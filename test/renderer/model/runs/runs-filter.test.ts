import { describe, expect, it } from 'vitest';
import { paths } from '../../../../renderer/model/app/paths.ts';
import { mergeRun } from '../../../../renderer/model/runs/run-detail.ts';
import {
  belongsToRuns,
  chooseJob,
  readRunsFilter,
  statesInQuery,
  toggleState,
  withoutState,
} from '../../../../renderer/model/runs/runs-filter.ts';
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

describe('the filter of the runs list in the address', () => {
  const searchOf = (path: string): URLSearchParams => new URLSearchParams(path.split('?')[1]);

  it.each([{}, { state: ['queued' as const, 'failed' as const] }, { state: ['failed' as const], job: 'import' }])(
    'is read back: %j',
    (filter) => {
      expect(readRunsFilter(searchOf(paths.runs('type:x', filter)))).toEqual(filter);
      expect(readRunsFilter(searchOf(paths.listedRun('run_1', 'type:x', filter)))).toEqual(filter);
    },
  );

  it('leaves out states that there are not', () => {
    expect(readRunsFilter(new URLSearchParams('state=failed,odd'))).toEqual({ state: ['failed'] });
  });
});

describe('states that the query asks for', () => {
  it.each([
    ['is:failed', ['failed']],
    ['job:import is:interaction-required after:2h', ['interaction_required']],
    ['state:queued,failed', ['queued', 'failed']],
    ['-is:failed', []],
    ['"is:failed"', []],
  ])('%s', (text, states) => {
    expect(statesInQuery(text)).toEqual(states);
  });

  it.each([
    ['is:failed job:import', 'job:import'],
    ['type:x state:failed,queued', 'type:x state:queued'],
    ['"a quoted is:failed" is:failed', '"a quoted is:failed"'],
    ['-is:failed', '-is:failed'],
    ['state:"failed",queued payload.note:"a  b"', 'state:queued payload.note:"a  b"'],
    ['-state:failed state:failed', '-state:failed'],
  ])('%s is %s without failed', (text, rest) => {
    expect(withoutState(text, 'failed')).toBe(rest);
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
