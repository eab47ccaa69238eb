import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { codedError } from '../../electron/store/database/storage-errors.ts';
import type { Indexer, IndexFailure } from '../../electron/store/search/indexer.ts';
import { createAlerts } from '../../electron/upkeep/alerts.ts';
import { createRecoveringIndexer } from '../../electron/upkeep/store/recovering-indexer.ts';

interface Opened {
  fail(failure: IndexFailure): void;
  reach(seq: number): void;
  isClosed: boolean;
  wakes: number;
}

function openRecovering() {
  const opened: Opened[] = [];
  const storageErrors: string[] = [];
  const alerts = createAlerts(Date.now, () => undefined);
  let madeAnew = 0;
  const indexer = createRecoveringIndexer({
    open({ onFailure, onProgress }): Indexer {
      let indexedTo = 0;
      const one: Opened = {
        fail: onFailure,
        reach(seq) {
          indexedTo = seq;
          onProgress(seq);
        },
        isClosed: false,
        wakes: 0,
      };
      opened.push(one);
      return {
        wake: () => {
          one.wakes += 1;
        },
        remove: () => undefined,
        indexedTo: () => indexedTo,
        close: async () => {
          one.isClosed = true;
        },
      };
    },
    rebuild: async () => {
      madeAnew += 1;
    },
    newestSeq: () => 40,
    noteStorageError: (error) => storageErrors.push(error.message),
    alerts,
    log: pino({ level: 'silent' }),
  });
  return { indexer, opened, storageErrors, codes: () => alerts.list().map(({ code }) => code), anew: () => madeAnew };
}

const damaged = codedError('SQLITE_CORRUPT_VTAB', 'database disk image is malformed');
const full = codedError('SQLITE_FULL', 'database or disk is full');
const unreadable = codedError('SQLITE_IOERR_READ', 'disk I/O error');

describe('the full-text index', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('that ended is started again soon, is not behind meanwhile, and says so until it works', () => {
    const { indexer, opened, codes } = openRecovering();
    opened[0]?.reach(40);
    opened[0]?.fail({ where: null, error: new Error('ended with code 1') });
    expect([codes(), indexer.indexedTo()]).toEqual([['index_stopped'], 40]);
    vi.advanceTimersByTime(1000);
    expect([codes(), opened.length]).toEqual([['index_stopped'], 2]);
    indexer.wake(41);
    expect(opened.map(({ wakes }) => wakes)).toEqual([0, 1]);
    opened[1]?.reach(41);
    expect([codes(), indexer.indexedTo()]).toEqual([[], 41]);
  });

  it('waits for room on a full disk, without an alert of its own', () => {
    const { indexer, opened, codes, storageErrors } = openRecovering();
    opened[0]?.fail({ where: 'search', error: full });
    expect([codes(), storageErrors]).toEqual([[], ['database or disk is full']]);
    vi.advanceTimersByTime(10_000);
    expect(opened).toHaveLength(1);
    indexer.roomAgain();
    vi.advanceTimersByTime(1);
    expect(opened).toHaveLength(2);
  });

  it('is built again when it is damaged, whoever finds that, and says so until it is whole', async () => {
    const { indexer, opened, codes, anew } = openRecovering();
    opened[0]?.reach(40);
    opened[0]?.fail({ where: 'search', error: damaged });
    expect(codes()).toEqual(['search_rebuilding']);
    await vi.advanceTimersByTimeAsync(0);
    expect([anew(), opened.length, opened[0]?.isClosed]).toEqual([1, 2, true]);
    opened[1]?.reach(39);
    expect([codes(), indexer.indexedTo()]).toEqual([['search_rebuilding'], 39]);
    indexer.searchFailed(damaged);
    opened[1]?.reach(40);
    expect([codes(), anew()]).toEqual([[], 1]);
    indexer.searchFailed(damaged);
    await vi.advanceTimersByTimeAsync(0);
    expect([codes(), anew(), opened.length]).toEqual([['search_rebuilding'], 2, 3]);
  });

  it('is built again less often when it is damaged again and again', async () => {
    const { opened, anew } = openRecovering();
    for (let n = 0; n < 4; n++) {
      opened[n]?.fail({ where: 'search', error: damaged });
      await vi.advanceTimersByTimeAsync(n === 0 ? 0 : 1000 * 2 ** n);
    }
    expect(anew()).toBe(4);
    opened[4]?.fail({ where: 'search', error: damaged });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(anew()).toBe(4);
  });

  it('that cannot be read is given up after three times, and an error of the store is passed on', async () => {
    const { opened, storageErrors, anew } = openRecovering();
    opened[0]?.fail({ where: 'store', error: unreadable });
    expect(storageErrors).toEqual(['disk I/O error']);
    await vi.advanceTimersByTimeAsync(1000);
    opened[1]?.fail({ where: 'search', error: unreadable });
    await vi.advanceTimersByTimeAsync(2000);
    expect(anew()).toBe(0);
    opened[2]?.fail({ where: 'search', error: unreadable });
    await vi.advanceTimersByTimeAsync(4000);
    expect(anew()).toBe(1);
  });

  it('that is closed is not started again', async () => {
    const { indexer, opened, codes } = openRecovering();
    opened[0]?.fail({ where: null, error: new Error('ended with code 1') });
    await indexer.close();
    vi.advanceTimersByTime(60_000);
    expect([opened.length, codes()]).toEqual([1, ['index_stopped']]);
  });
});
