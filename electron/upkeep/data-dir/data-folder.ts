import { accessSync, constants, mkdirSync, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../../shared/error-code.ts';
import { errorText } from '../../../shared/error-text.ts';
import { isDiskFull } from '../../store/database/storage-errors.ts';
import { StartError } from '../start-error.ts';

/** Only this app makes these: a folder with one of them is a data directory. */
const marks = ['signalbox.db', 'signalbox.db-wal', 'instance-id', 'session.json', 'secret.key', 'console-token'];
/**
 * What may be there without them: brought from another machine, made by the file system, or by a start that is at this
 * moment, or was when its process was killed, before its first mark.
 */
const welcome = new Set([
  ...['jobs', 'work', 'backups', 'quarantine', 'restore', 'chromium', 'lost+found'],
  ...['lock.db', 'room-probe', 'owner.json', 'reserve', 'receiver.json', 'window-state.json'],
]);

/**
 * The data directory for a start that may use a shared folder (`--allow-shared-data-dir`), such as an emptyDir volume: a
 * folder of its own inside, for its owner alone. A folder that is not shared, or is a data directory, is used as it is.
 */
export function folderInShared(path: string): string {
  const found = statOf(path);
  const isShared = found?.isDirectory() === true && otherWriters(found) !== null && !isDataFolder(read(path));
  return isShared ? join(path, 'signalbox') : path;
}

/**
 * Makes the data directory where it is missing, for its owner alone. One that exists keeps its mode, and is taken only
 * when it is a data directory already, or an empty folder that no other user can write to. Gives a warning for people when
 * a data directory is open to others. Throws StartError.
 */
export function ensureDataFolder(path: string, configFile: string | null): string | null {
  const found = statOf(path);
  if (found === null) {
    make(path);
    return null;
  }
  if (!found.isDirectory()) throw unusable(path, 'it is not a folder');
  const names = read(path);
  checkWritable(path);
  const writers = otherWriters(found);
  if (isDataFolder(names)) {
    return writers === null
      ? null
      : `The data directory ${path} can be written to by ${writers}, who could replace what is in it: run chmod go-w ${path}.`;
  }
  const inside = join(path, 'signalbox');
  if (writers !== null) {
    throw new StartError(
      'data_dir_foreign',
      `the data directory ${path} can be written to by ${writers}; choose a folder inside it with --data-dir ${inside} or --allow-shared-data-dir, or run chmod go-w ${path}`,
    );
  }
  const own = configFile !== null && dirname(configFile) === path ? basename(configFile) : null;
  const foreign = names.filter((name) => !isWelcome(name) && name !== own);
  const hasOurs = names.some((name) => name.startsWith('signalbox.') || name === own);
  if (foreign.length > 0 && !hasOurs) {
    const shown = foreign.slice(0, 3).join(', ');
    throw new StartError(
      'data_dir_foreign',
      `the data directory ${path} holds other files (${shown}${foreign.length > 3 ? ', …' : ''}) and is not a Signalbox data directory; choose an empty folder, such as --data-dir ${inside}`,
    );
  }
  if (isForeignOwner(found) && !(process.getuid?.() === 0 && foreign.length === 0)) {
    throw new StartError(
      'data_dir_foreign',
      `the data directory ${path} belongs to another user (${found.uid}); choose another folder with --data-dir, or give it to this user with chown`,
    );
  }
  return null;
}

const isDataFolder = (names: readonly string[]): boolean => marks.some((mark) => names.includes(mark));

function isWelcome(name: string): boolean {
  if (name.startsWith('.') || welcome.has(name)) return true;
  // A file under way to its name, as write-file-atomic calls it.
  const target = name.replace(/\.\d+$/, '');
  return welcome.has(target) || marks.includes(target);
}

const isForeignOwner = ({ uid }: Stats): boolean => process.getuid !== undefined && uid !== process.getuid();

/** Who else may make and replace files in it. Many systems give each user a group of their own, which is no one else. */
function otherWriters({ mode, gid }: Stats): string | null {
  if (process.platform === 'win32') return null;
  if ((mode & 0o002) !== 0) return 'everyone';
  return (mode & 0o020) !== 0 && gid !== process.getgid?.() ? `the group ${gid}` : null;
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    throw unusable(path, errorText(error), error);
  }
}

function make(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (isDiskFull(error)) throw noRoomAtAll(path, error);
    if (errorCode(error) === 'EROFS') throw readOnly(path, error);
    throw unusable(path, errorText(error), error);
  }
}

/**
 * Makes a folder of the app's own inside the data directory, and gives its path. On a full disk it may be missing: what
 * needs it does without, and the app still starts. Throws StartError.
 */
export function makeFolderInside(dataDir: string, name: string): string {
  const path = join(dataDir, name);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (!isDiskFull(error)) throw unusable(dataDir, errorText(error), error);
  }
  return path;
}

function read(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw unusable(path, `this user may not read it (${errorCode(error) ?? 'unknown reason'})`, error);
  }
}

function checkWritable(path: string): void {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw readOnly(path, error);
  }
}

const readOnly = (path: string, cause: unknown): StartError =>
  new StartError(
    'data_dir_read_only',
    `the data directory ${path} cannot be written to (${errorCode(cause) ?? 'unknown reason'}); make it writable for this user, or choose another with --data-dir`,
    { cause },
  );

const unusable = (path: string, why: string, cause?: unknown): StartError =>
  new StartError(
    'data_dir_unusable',
    `the data directory ${path} cannot be used: ${why}; choose another with --data-dir`,
    { cause },
  );

/** Nothing is left that could be given up. */
export const noRoomAtAll = (path: string, cause: unknown): StartError =>
  new StartError('disk_full', `the disk of ${path} is full; free 8 MiB on it, or choose another with --data-dir`, {
    cause,
  });
