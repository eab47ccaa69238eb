import { expect, it } from 'vitest';
import {
  batchDraftOf,
  batchProblems,
  httpBatchOf,
  listenerBatchOf,
  noBatch,
} from '../../../../renderer/model/definitions/batch-draft.ts';

it('a batch comes out of the form as it went in, and empty fields are the defaults', () => {
  const batch = { count: 10, period: '5s', by: 'payload.campaign' };
  expect(listenerBatchOf(batchDraftOf(batch))).toEqual(batch);
  expect(httpBatchOf(batchDraftOf({ bytes: 1000 }))).toEqual({ bytes: 1000 });
  expect(listenerBatchOf(batchDraftOf({}))).toEqual({});
  expect(listenerBatchOf(batchDraftOf(undefined))).toBeUndefined();
});

it('says what cannot be read at its field', () => {
  const typed = { isOn: true, count: '0', period: 'soon', by: 'payload..x', bytes: '9999999999' };
  expect(Object.keys(batchProblems(typed, 'listener'))).toEqual(['batch.count', 'batch.period', 'batch.by']);
  expect(Object.keys(batchProblems(typed, 'http'))).toEqual(['batch.count', 'batch.bytes', 'batch.period']);
  expect(batchProblems({ ...typed, isOn: false }, 'http')).toEqual({});
  expect(batchProblems(noBatch, 'listener')).toEqual({});
});
