import { join } from 'node:path';
import { isLockHeld } from '../../store/upkeep/lock.ts';

/** Whether an instance owns the directory. Otherwise another program may have its old port, and must not see the token. */
export function isRunningOn(dataDir: string): boolean {
  try {
    return isLockHeld(join(dataDir, 'lock.db'));
  } catch {
    return false;
  }
}
