import { renameSync, rmSync } from 'node:fs';
import { errorCode } from '../../../shared/error-code.ts';

/** With its log and what belongs to it. A folder that stands in the place of one is kept, under another name. */
export function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) removeFile(`${file}${suffix}`);
}

function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    if (errorCode(error) !== 'ERR_FS_EISDIR') throw error;
    renameSync(file, `${file}.folder-${Date.now()}`);
  }
}
