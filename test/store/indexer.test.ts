import { expect, it, onTestFinished } from 'vitest';
import { createIndexer } from '../../electron/store/search/indexer.ts';
import { delivery, draft, tempIntake, tempStore } from '../support/temp-store.ts';

const workerFile = new URL('../../electron/store/search/index-worker.ts', import.meta.url);

it('the index takes no event beyond what is on disk, at its start and later', async () => {
  const store = tempStore();
  const { intake } = tempIntake(store);
  for (let i = 0; i < 3; i++) await intake.accept(delivery([draft({ type: 'order.paid', payload: { i } })]));
  const reached: number[] = [];
  const expected = new Map<number, () => void>();
  const reaches = (seq: number): Promise<void> => new Promise((resolve) => expected.set(seq, resolve));
  const first = reaches(1);
  const indexer = createIndexer({
    workerFile,
    databaseFile: store.databaseFile,
    searchFile: store.searchFile,
    storedTo: 1,
    onFailure: ({ error }) => {
      throw error;
    },
    onProgress(seq) {
      reached.push(seq);
      expected.get(seq)?.();
    },
  });
  onTestFinished(() => indexer.close());
  await first;
  const second = reaches(2);
  indexer.wake(2);
  await second;
  expect(new Set(reached)).toEqual(new Set([1, 2]));
  const third = reaches(3);
  indexer.wake(3);
  await third;
});
