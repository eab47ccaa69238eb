import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDatabase } from '../../store/database/remove-database.ts';
import { isDiskFull } from '../../store/database/storage-errors.ts';

/** What opening the store takes: its log, the memory it shares with its threads, and a few small files. */
const neededBytes = 512 * 1024;

/** What is removed so that the start finds room. */
export type GivenUp = 'reserve' | 'search index';

/**
 * Finds out whether the start has room to write, and makes some: first from what was put by for this, then from the
 * full-text index, which is built again later. Tried by writing: a quota shows in no count of free blocks.
 */
export function makeRoomForStart(dataDir: string): GivenUp[] {
  const gaveUp: GivenUp[] = [];
  if (canWrite(dataDir)) return gaveUp;
  const reserve = join(dataDir, 'reserve');
  if (existsSync(reserve)) {
    rmSync(reserve, { force: true });
    gaveUp.push('reserve');
    if (canWrite(dataDir)) return gaveUp;
  }
  const search = join(dataDir, 'search.db');
  if (existsSync(search)) {
    removeDatabase(search);
    gaveUp.push('search index');
  }
  return gaveUp;
}

function canWrite(dataDir: string): boolean {
  const file = join(dataDir, 'room-probe');
  try {
    // Not zeros: file systems that compress would find room for those.
    writeFileSync(file, Buffer.allocUnsafe(neededBytes).fill('0123456789abcdef-signalbox'), { mode: 0o600 });
    return true;
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return false;
  } finally {
    rmSync(file, { force: true });
  }
}
