import { existsSync, mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { Backup } from '../../../shared/contract/backups.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Output } from '../../../shared/contract/index.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import { asSentence, errorText } from '../../../shared/error-text.ts';
import { removeDatabase } from '../../store/database/remove-database.ts';
import { isoTime } from '../../store/database/times.ts';
import { countedTables, type StoreCounts } from '../../store/upkeep/copy-store.ts';
import { listSetAside } from '../../store/upkeep/set-aside.ts';
import type { Upkeep } from '../../store/upkeep/upkeep-thread.ts';
import type { Alerts } from '../alerts.ts';
import type { DataDir } from '../data-dir/data-dir.ts';
import { tryEntry } from '../data-dir/unusable-entry.ts';
import { databaseBytes } from '../database-bytes.ts';
import type { Lost } from '../store/lost-store.ts';
import { stagedFile } from '../store/prepare-store.ts';
import {
  type BackupFile,
  type BackupReason,
  backupDir,
  listBackups,
  makeBackupDir,
  newBackupName,
  removeSurplus,
  removeUnfinished,
  writeAbout,
} from './backup-files.ts';

export interface BackupDeps {
  dataDir: DataDir;
  upkeep: Upkeep;
  settings: () => Pick<Settings, 'backupDaily' | 'backupsKept'>;
  /** What must be left on the disk after a copy: with less, no deliveries are taken. */
  leaveBytes: number;
  alerts: Alerts;
  log: Logger;
  nowMs: () => number;
  /** The store whose place the present one took, until an operator has decided. */
  undecided: () => Lost | null;
  /** The operator goes on with the present store. */
  decide: () => Promise<void>;
  /** A copy is staged: stop, and start on it. */
  restart: (reason: string) => void;
  /** A copy failed; not every error is the store's. */
  onStorageError: (error: unknown) => void;
  onChanged: (isWorking: boolean) => void;
}

export interface Backups {
  list(): Output<'backups.list'>;
  /** Throws AppError when there is no room or the copy is not whole. While one is made, waits for that one. */
  create(reason: BackupReason): Promise<Backup>;
  /** Reads it page by page. Throws AppError `not_found`. */
  verify(name: string): Promise<Output<'backups.verify'>>;
  /** Throws AppError; resolves before the restart. */
  restore(name: string, from: 'backups' | 'quarantine'): Promise<void>;
  keepPresent(): Promise<void>;
  stop(): void;
}

const dayMs = 86_400_000;
const lookEveryMs = 10 * 60_000;
/** A start has better things to do. */
const firstLookMs = 60_000;

export function startBackups(deps: BackupDeps): Backups {
  const { dataDir, upkeep, settings, alerts, log, nowMs } = deps;
  const dir = backupDir(dataDir.path);
  tryEntry(deps, { path: dir, without: 'backups cannot be created' }, () => {
    makeBackupDir(dir);
    removeUnfinished(dir);
  });
  let making: Promise<Backup> | null = null;
  let isRestoring = false;
  let problem: { atMs: number; message: string } | null = null;

  const isWorking = (): boolean => making !== null || isRestoring;
  const tell = (): void => deps.onChanged(isWorking());

  const newestMade = (): BackupFile | undefined => listBackups(dir).find(({ about }) => about !== null);

  function dueAtMs(): number | null {
    // An empty store that took a damaged one's place must not push the good copies out.
    if (!settings().backupDaily || deps.undecided() !== null) return null;
    const newest = newestMade();
    // One from the future was made before the clock was set back.
    return newest === undefined || newest.createdAtMs > nowMs() ? nowMs() : newest.createdAtMs + dayMs;
  }

  async function make(reason: BackupReason): Promise<Backup> {
    const atMs = nowMs();
    const name = newBackupName(dir, atMs);
    const file = join(dir, name);
    const startedMs = performance.now();
    try {
      makeBackupDir(dir);
      await checkRoom();
      const copy = await upkeep.copy(dataDir.databaseFile, file);
      writeAbout(dir, name, copy, reason, atMs);
      const removed = removeSurplus(dir, settings().backupsKept);
      problem = null;
      alerts.clear('backup_failed');
      alerts.clear(`unusable ${dir}`);
      log.info(
        { name, ...copy, removed, ms: Math.round(performance.now() - startedMs) },
        'backup created and verified',
      );
      return toBackup({
        name,
        file,
        sizeBytes: copy.sizeBytes,
        createdAtMs: atMs,
        about: { createdAtMs: atMs, reason, counts: copy.counts },
      });
    } catch (error) {
      const message = errorText(error);
      problem = { atMs, message };
      deps.onStorageError(error);
      log.error({ err: error }, 'the backup could not be created');
      alerts.raise(
        'backup_failed',
        'warning',
        `The backup could not be created: ${message}. Retrying within the hour.`,
      );
      throw new AppError('unavailable', `The backup could not be created: ${message}.`);
    }
  }

  async function checkRoom(): Promise<void> {
    const { bavail, bsize } = await statfs(dir);
    const needed = databaseBytes(dataDir.databaseFile);
    const free = bavail * bsize;
    if (free - needed >= deps.leaveBytes) return;
    const mib = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);
    throw new Error(`it takes ${mib(needed)} MiB of the ${mib(free)} MiB that are free on the disk, which is too much`);
  }

  function create(reason: BackupReason): Promise<Backup> {
    making ??= make(reason).finally(() => {
      making = null;
      tell();
    });
    tell();
    return making;
  }

  function lookIfDue(): void {
    const due = dueAtMs();
    if (due === null || due > nowMs() || making !== null || isRestoring) return;
    if (problem !== null && Math.abs(nowMs() - problem.atMs) < dayMs / 24) return;
    // Reported by `make`.
    create('daily').catch(() => undefined);
  }

  function fileOf(name: string, from: 'backups' | 'quarantine'): string {
    const file =
      from === 'backups'
        ? listBackups(dir).find((one) => one.name === name)?.file
        : listSetAside(dataDir.databaseFile).find((one) => one.name === name)?.databaseFile;
    if (file === undefined || file === null) {
      throw new AppError('not_found', `There is no store ${name} in ${from}; the list shows what there is.`);
    }
    return file;
  }

  let timer = setTimeout(function again() {
    lookIfDue();
    timer = setTimeout(again, lookEveryMs).unref();
  }, firstLookMs).unref();

  return {
    list() {
      const undecided = deps.undecided();
      const items = listBackups(dir);
      const due = dueAtMs();
      return {
        items: items.map((item) => toBackup(item)),
        setAside: listSetAside(dataDir.databaseFile).map((one) => ({
          name: one.name,
          at: isoTime(one.atMs),
          reason: one.reason,
          details: one.details,
          sizeBytes: one.sizeBytes,
          canRestore: one.databaseFile !== null,
        })),
        dir,
        dueAt: due === null ? null : isoTime(due),
        isWorking: isWorking(),
        problem: problem === null ? null : { at: isoTime(problem.atMs), message: problem.message },
        undecided: undecided === null ? null : { setAside: undecided.setAside, offer: newestMade()?.name ?? null },
      };
    },
    create,
    async verify(name) {
      const found = listBackups(dir).find((one) => one.name === name);
      if (found === undefined)
        throw new AppError('not_found', `There is no backup ${name}; the list shows what there is.`);
      try {
        const { counts } = await upkeep.verify(found.file);
        const lost = countedTables.find((table) => found.about !== null && found.about.counts[table] !== counts[table]);
        const problem =
          lost === undefined
            ? null
            : `It has ${counts[lost]} ${lost} and not ${found.about?.counts[lost]} as when it was created.`;
        return { backup: toBackup(found, counts), problem };
      } catch (error) {
        return {
          backup: toBackup(found, null),
          problem: asSentence(`${name} cannot be restored: ${errorText(error)}`),
        };
      }
    },
    async restore(name, from) {
      if (isRestoring) throw new AppError('wrong_state', 'Another store is being restored. Try again later.');
      const file = fileOf(name, from);
      isRestoring = true;
      tell();
      try {
        await stageRestore(file, dataDir, upkeep);
        log.warn({ name, from }, 'a store is restored; the app restarts on it');
        deps.restart(`restoring ${name}`);
      } finally {
        isRestoring = false;
      }
    },
    async keepPresent() {
      if (deps.undecided() === null) throw new AppError('wrong_state', 'No decision is needed: no store was lost.');
      await deps.decide();
      tell();
    },
    stop: () => clearTimeout(timer),
  };
}

/** Copies a store to where the next start takes it from, verified. Throws AppError. */
export async function stageRestore(file: string, dataDir: DataDir, upkeep: Upkeep): Promise<void> {
  if (!existsSync(file)) throw new AppError('not_found', `There is no file ${file}.`);
  const staged = stagedFile(dataDir.path);
  mkdirSync(dirname(staged), { recursive: true, mode: 0o700 });
  removeDatabase(staged);
  try {
    await upkeep.copy(file, staged);
  } catch (error) {
    const message = errorText(error);
    throw new AppError('unavailable', `${file} cannot be restored: ${message}. Nothing was changed.`);
  }
}

function toBackup(
  { name, sizeBytes, createdAtMs, about }: BackupFile,
  counts: StoreCounts | null = about?.counts ?? null,
): Backup {
  return {
    name,
    createdAt: isoTime(createdAtMs),
    sizeBytes,
    reason: about?.reason ?? 'unknown',
    verified:
      counts === null
        ? null
        : {
            sources: counts.sources,
            listeners: counts.listeners,
            jobs: counts.jobs,
            events: counts.events,
            runs: counts.runs,
          },
  };
}
