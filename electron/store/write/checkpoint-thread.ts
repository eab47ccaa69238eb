import { fdatasyncSync } from 'node:fs';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { openReadable } from '../database/open.ts';

export const checkpointStepSchema = z.enum(['mark', 'copy', 'finish']);
/** See `createCheckpoints`. */
export type CheckpointStep = z.infer<typeof checkpointStepSchema>;

/** The thread's part in checkpoints: two connections, and one step at a time. */
export function openCheckpointThread(databaseFile: string, databaseDescriptor: number) {
  const copying = new Database(databaseFile, { fileMustExist: true });
  copying.pragma('synchronous = FULL');
  copying.pragma('fullfsync = 1');
  copying.pragma('wal_autocheckpoint = 0');
  // No more than the log's pages in order: what it copies is in the system's memory.
  copying.pragma('cache_size = -2048');
  const marking = openReadable(databaseFile);
  const touch = marking.prepare('SELECT count(*) FROM sqlite_schema');
  const begin = marking.prepare('BEGIN');
  const end = marking.prepare('COMMIT');
  let isMarked = false;

  function unmark(): void {
    if (!isMarked) return;
    isMarked = false;
    end.run();
  }

  const steps: Record<CheckpointStep, () => void> = {
    mark() {
      unmark();
      begin.run();
      isMarked = true;
      touch.get();
    },
    copy() {
      try {
        copying.pragma('wal_checkpoint(PASSIVE)');
        // SQLite itself leaves that to the pass that copies the last frame, for which commits have to wait.
        fdatasyncSync(databaseDescriptor);
      } finally {
        unmark();
      }
    },
    finish: () => void copying.pragma('wal_checkpoint(PASSIVE)'),
  };

  return {
    do: (step: CheckpointStep): void => steps[step](),
    close() {
      marking.close();
      copying.close();
    },
  };
}
