import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLastingIndexer } from '../../electron/runtime/lasting-indexer.ts';
import type { Indexer } from '../../electron/store/indexer.ts';

function lasting() {
  const opened: { crash: (error: Error) => void; isClosed: boolean; wakes: number; indexedTo: number }[] = [];
  const told: string[] = [];
  const indexer = createLastingIndexer(
    (onCrash): Indexer => {
      const one = { crash: onCrash, isClosed: false, wakes: 0, indexedTo: 0 };
      opened.push(one);
      return {
        wake: () => {
          one.wakes += 1;
        },
        remove: () => undefined,
        indexedTo: () => one.indexedTo,
        close: async () => {
          one.isClosed = true;
        },
      };
    },
    { onCrash: () => told.push('crashed'), onRestart: () => told.push('restarted'), restartAfterMs: 30_000 },
  );
  return { indexer, opened, told };
}

describe('the full-text index', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('that ended is started again once, and does not seem to fall behind meanwhile', () => {
    const { indexer, opened, told } = lasting();
    if (opened[0] !== undefined) opened[0].indexedTo = 40;
    // A thread tells of its error and of its end.
    opened[0]?.crash(new Error('database or disk is full'));
    opened[0]?.crash(new Error('ended with code 1'));
    expect([told, indexer.indexedTo()]).toEqual([['crashed'], 40]);
    vi.advanceTimersByTime(30_000);
    expect([told, opened.length]).toEqual([['crashed', 'restarted'], 2]);
    indexer.wake();
    expect(opened.map(({ wakes }) => wakes)).toEqual([0, 1]);
    expect(indexer.indexedTo()).toBe(40);
  });

  it('that is closed is not started again', async () => {
    const { indexer, opened, told } = lasting();
    opened[0]?.crash(new Error('database or disk is full'));
    await indexer.close();
    vi.advanceTimersByTime(60_000);
    expect([opened.length, told]).toEqual([1, ['crashed']]);
  });
});
