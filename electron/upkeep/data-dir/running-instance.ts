import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { holdLock } from '../../store/upkeep/lock.ts';

/** Whether an instance owns the directory. Otherwise another program may have its old port, and must not see the token. */
export function isRunningOn(dataDir: string): boolean {
  const file = join(dataDir, 'lock.db');
  try {
    // Asking makes no file.
    if (!existsSync(file)) return false;
    const lock = holdLock(file);
    lock?.release();
    return lock === null;
  } catch {
    return false;
  }
}
