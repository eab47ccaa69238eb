import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { errorText } from '../../../shared/error-text.ts';
import { removeDatabase } from '../../store/database/remove-database.ts';
import { findDamage, findTruncation } from '../../store/upkeep/find-damage.ts';
import { setAside } from '../../store/upkeep/set-aside.ts';
import type { Upkeep } from '../../store/upkeep/upkeep-thread.ts';
import type { DataDir } from '../data-dir/data-dir.ts';
import { StartError } from '../start-error.ts';
import type { Lost } from './lost-store.ts';

/** A store of this size is checked before anything else: 50 ms. */
const atOnceBytes = 32 * 1024 * 1024;
/** How long a start waits for the check of a larger one (0.8 s a gigabyte from memory, as slow as the disk from there). */
const waitMs = 100;

export interface PreparedStore {
  /** An empty store is to take the place of a lost one. */
  lost: Lost | null;
  /** A backup was put in place; `replaced` is the folder of the store before it, null when there was none. */
  restored: { replaced: string | null } | null;
  /** The store is large and still being looked at: resolves to its damages. */
  stillChecking: Promise<string[]> | null;
}

/** Where a store lies that the next start is to put in place: whole, checked, and on this disk. */
export const stagedFile = (dataDir: string): string => join(dataDir, 'restore', 'signalbox.db');

/** Left by a check that ended after the start: the next start need not look again. */
const damagedMark = (dataDir: string): string => join(dataDir, 'store-damaged');

export function markDamaged(dataDir: string, details: readonly string[]): void {
  writeFileSync(damagedMark(dataDir), details.join('\n'), { mode: 0o600 });
}

/** Sees to it that what is opened next is whole: puts a staged backup in place, moves a damaged store out of the way. */
export async function prepareStore(
  dataDir: DataDir,
  upkeep: Upkeep,
  nowMs: number,
  log: Logger,
): Promise<PreparedStore> {
  const { databaseFile, path } = dataDir;
  const whole: PreparedStore = { lost: null, restored: null, stillChecking: null };
  const restored = putStagedInPlace(dataDir, nowMs);
  if (restored !== null) return { ...whole, restored };

  const moveAway = (details: string[]): PreparedStore => {
    log.error({ details }, 'the store is damaged; it is set aside and an empty one takes its place');
    return { ...whole, lost: { setAside: quarantine(dataDir, details, nowMs) } };
  };
  const found = statSync(databaseFile, { throwIfNoEntry: false });
  if (found === undefined) {
    if (existsSync(`${databaseFile}-wal`)) return moveAway(['the database file is gone, its log is still there']);
    return wasUsed(path) ? { ...whole, lost: { setAside: null } } : whole;
  }
  if (!found.isFile()) return moveAway([`signalbox.db is ${found.isDirectory() ? 'a folder' : 'not a file'}`]);
  if (existsSync(damagedMark(path))) return moveAway(['the check after the last start found damage']);
  const checked = await check(databaseFile, upkeep, log);
  if (!Array.isArray(checked)) return { ...whole, stillChecking: checked.later };
  return checked.length > 0 ? moveAway(checked) : whole;
}

/** Whether there must have been a store: an app has been running here, or its backups are here. */
const wasUsed = (dataDir: string): boolean =>
  existsSync(join(dataDir, 'session.json')) ||
  [join(dataDir, 'backups'), join(dataDir, 'quarantine')].some(
    (dir) => statSync(dir, { throwIfNoEntry: false })?.isDirectory() && readdirSync(dir).length > 0,
  );

/** Moves the store out of the way; its full-text index goes, since it is made from the store. */
export function quarantine({ databaseFile, searchFile, path }: DataDir, details: string[], nowMs: number): string {
  let name: string;
  try {
    name = setAside(databaseFile, { atMs: nowMs, reason: 'damaged', details });
  } catch (error) {
    const reason = errorText(error);
    throw new StartError(
      'database_unusable',
      `${databaseFile} cannot be used (${details[0]}) and cannot be moved out of the way (${reason}); move it yourself, then restore a backup with --restore`,
      { cause: error },
    );
  }
  removeDatabase(searchFile);
  rmSync(damagedMark(path), { force: true });
  return name;
}

/** Each step leaves what the next start can go on from. */
export function putStagedInPlace(
  { databaseFile, searchFile, path }: DataDir,
  nowMs: number,
): PreparedStore['restored'] {
  const staged = stagedFile(path);
  if (!existsSync(staged)) return null;
  const isReplacing = existsSync(databaseFile) || existsSync(`${databaseFile}-wal`);
  const replaced = isReplacing
    ? setAside(databaseFile, { atMs: nowMs, reason: 'replaced', details: ['a backup was put in its place'] })
    : null;
  removeDatabase(searchFile);
  rmSync(damagedMark(path), { force: true });
  renameSync(staged, databaseFile);
  return { replaced };
}

async function check(file: string, upkeep: Upkeep, log: Logger): Promise<string[] | { later: Promise<string[]> }> {
  try {
    // Of a large file too: what was cut off is known without reading the rest.
    const cutOff = findTruncation(file);
    if (cutOff !== null) return [cutOff];
    if (statSync(file).size <= atOnceBytes) return findDamage(file);
    const found = upkeep.check(file);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), waitMs);
    });
    const first = await Promise.race([found, late]);
    clearTimeout(timer);
    return first === 'late' ? { later: found } : first;
  } catch (error) {
    // Opening it says more about what is no damage, such as a file of another user.
    log.warn({ err: error }, 'the store could not be checked');
    return [];
  }
}
