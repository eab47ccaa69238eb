import { errorText } from '../../../shared/error-text.ts';
import { NewerDatabaseError, openWithoutRoom, openWritable, type WritableDb } from '../../store/database/open.ts';
import { isDamage, isDiskFull } from '../../store/database/storage-errors.ts';
import type { HeldStart } from '../held-start.ts';
import { StartError } from '../start-error.ts';

/** Opens the store, on a full disk for reading alone. Throws StartError, and damage as it is. */
export function openDatabase(file: string, held: HeldStart): WritableDb {
  try {
    return openWritable(file);
  } catch (error) {
    if (isDiskFull(error)) return openOnFullDisk(file, held);
    if (error instanceof NewerDatabaseError) throw new StartError('database_newer', error.message, { cause: error });
    if (isDamage(error)) throw error;
    const reason = errorText(error);
    throw new StartError(
      'database_unusable',
      `the database ${file} cannot be opened: ${reason}; restore a backup with --restore or choose another directory with --data-dir`,
      { cause: error },
    );
  }
}

function openOnFullDisk(file: string, held: HeldStart): WritableDb {
  try {
    const db = openWithoutRoom(file);
    held.hold();
    return db;
  } catch (error) {
    const reason = errorText(error);
    throw new StartError(
      'disk_full',
      `the disk is full, and the database ${file} cannot be opened (${reason}); free 8 MiB on the disk and start again`,
      { cause: error },
    );
  }
}
