import { describe, expect, it } from 'vitest';
import { answerOf, emptyAnswer, missingAnswers } from '../../../../renderer/model/runs/question-draft.ts';
import { readOutcome } from '../../../../renderer/model/runs/run-outcome.ts';
import type { QuestionField } from '../../../../shared/contract/runs.ts';

const next = (value: Record<string, string | string[]>, more = {}) => readOutcome({ next: value, ...more })?.next;

describe('an outcome for people', () => {
  it('is told from data', () => {
    expect(readOutcome({ rows: 3 })).toBeNull();
    expect(readOutcome(['a'])).toBeNull();
    expect(readOutcome('done')).toBeNull();
    expect(readOutcome({ heading: ' Imported ', message: '3 rows' })).toEqual({
      heading: 'Imported',
      message: '3 rows',
      next: null,
    });
  });

  it('says what to do next', () => {
    expect(next({ type: 'url', url: 'https://example.com/a' }, { buttonText: 'Look' })).toEqual({
      kind: 'link',
      url: 'https://example.com/a',
      label: 'Look',
      isDownload: false,
    });
    expect(next({ type: 'download', fileName: 'report.csv' })).toMatchObject({ kind: 'file', name: 'report.csv' });
    expect(next({ type: 'files', files: ['a', 'b'] })).toMatchObject({ kind: 'files', names: ['a', 'b'] });
    expect(next({ type: 'retry' })).toEqual({ kind: 'retry', label: 'Try again' });
    expect(next({ type: 'id', id: 'evt_1' })).toMatchObject({ kind: 'page', path: '/live/evt_1' });
    expect(next({ type: 'id', id: 'us_sp_1' })).toMatchObject({ kind: 'id', id: 'us_sp_1' });
    expect(next({ type: 'view', query: 'type:a' })).toMatchObject({ kind: 'page' });
  });

  it('leads nowhere that a browser should not go', () => {
    expect(next({ type: 'url', url: 'javascript:alert(1)' })).toBeNull();
    expect(next({ type: 'url', url: 'file:///etc/passwd' })).toBeNull();
    expect(next({ type: 'sideways' })).toBeNull();
  });
});

describe('an answer being typed', () => {
  const fields: QuestionField[] = [
    { name: 'code', type: 'secret', label: 'Code', required: true },
    { name: 'count', type: 'number', label: 'Count', required: false },
    { name: 'sure', type: 'boolean', label: 'Sure', required: true },
  ];

  it('knows what is still missing', () => {
    const draft = emptyAnswer(fields);
    expect(missingAnswers(fields, draft)).toEqual(['code']);
    expect(missingAnswers(fields, { ...draft, code: 'x', count: 'many' })).toEqual(['count']);
  });

  it('gives numbers as numbers, switches as they stand, and nothing for what was left empty', () => {
    expect(answerOf(fields, { code: ' 12 34', count: '', sure: false })).toEqual({ code: ' 12 34', sure: false });
    expect(answerOf(fields, { code: 'x', count: '2.5', sure: true })).toEqual({ code: 'x', count: 2.5, sure: true });
  });
});
