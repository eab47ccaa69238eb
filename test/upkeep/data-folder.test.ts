import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseOptions } from '../../electron/runtime/options.ts';
import { type DataDir, openDataDir } from '../../electron/upkeep/data-dir/data-dir.ts';
import { isRunningOn } from '../../electron/upkeep/data-dir/running-instance.ts';
import { StartError } from '../../electron/upkeep/start-error.ts';
import { newDataDir } from '../runtime/open-app.ts';

function opened(path: string, configFile: string | null = null): DataDir {
  const dataDir = openDataDir(path, configFile);
  onTestFinished(() => dataDir.release());
  return dataDir;
}

function refusal(path: string): { code: string; message: string } {
  try {
    openDataDir(path).release();
  } catch (error) {
    if (error instanceof StartError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error(`${path} was taken`);
}

const modeOf = (path: string): number => statSync(path).mode & 0o7777;

/** An empty folder of this user. */
function folder(mode = 0o755): string {
  const path = join(newDataDir(), 'folder');
  mkdirSync(path);
  chmodSync(path, mode);
  return path;
}

const isRoot = process.getuid?.() === 0;
const onPosix = process.platform !== 'win32';

describe.runIf(onPosix)('the data directory', () => {
  it('that is made here is for its owner alone; one that exists keeps its mode', () => {
    const made = join(newDataDir(), 'a', 'b');
    opened(made);
    expect(modeOf(made)).toBe(0o700);
    for (const mode of [0o755, 0o750, 0o500 | 0o200]) {
      const path = folder(mode);
      opened(path);
      expect(modeOf(path)).toBe(mode);
    }
  });

  it('in a shared folder is a private folder inside it where that is allowed', () => {
    const shared = folder(0o1777);
    expect(refusal(shared).message).toContain('--allow-shared-data-dir');
    const dataDirOf = (...args: string[]): string => parseOptions(args, {}, 'headless').dataDir;
    const inside = dataDirOf('--data-dir', shared, '--allow-shared-data-dir');
    expect(inside).toBe(join(shared, 'signalbox'));
    openDataDir(inside).release();
    expect([modeOf(inside), modeOf(shared)]).toEqual([0o700, 0o1777]);
    // The next start finds the same one.
    expect(dataDirOf('--data-dir', shared, '--allow-shared-data-dir')).toBe(inside);
    const env = { SIGNALBOX_DATA_DIR: shared, SIGNALBOX_ALLOW_SHARED_DATA_DIR: 'true' };
    expect(parseOptions([], env, 'headless').dataDir).toBe(inside);
    const own = folder(0o755);
    expect(dataDirOf('--data-dir', own, '--allow-shared-data-dir')).toBe(own);
    expect(dataDirOf('--data-dir', join(own, 'new'), '--allow-shared-data-dir')).toBe(join(own, 'new'));
  });

  it('that everyone may write to, such as a shared folder, is refused and left as it is', () => {
    const path = folder(0o1777);
    const { code, message } = refusal(path);
    expect([code, message]).toEqual([
      'data_dir_foreign',
      expect.stringContaining(`--data-dir ${join(path, 'signalbox')}`),
    ]);
    expect(modeOf(path)).toBe(0o1777);
    expect(statSync(join(path, 'lock.db'), { throwIfNoEntry: false })).toBeUndefined();
    // What the sentence advises works.
    opened(join(path, 'signalbox'));
  });

  it('that the group of the user itself may write to is taken, as a umask of 002 makes folders', () => {
    opened(folder(0o775));
  });

  it('that holds other things is refused; what belongs to Signalbox, or hides, may be there before', () => {
    const foreign = folder();
    for (const name of ['letter.txt', 'photo.jpg']) writeFileSync(join(foreign, name), '');
    expect(refusal(foreign)).toEqual({
      code: 'data_dir_foreign',
      message: expect.stringMatching(/holds other files \(letter\.txt, photo\.jpg\).*choose an empty folder/),
    });

    const brought = folder();
    for (const name of ['backups', 'jobs', 'lost+found']) mkdirSync(join(brought, name));
    for (const name of ['.gitkeep', 'secret.key']) writeFileSync(join(brought, name), '');
    opened(brought);

    const withConfig = folder();
    for (const name of ['box.yaml', 'crm.secret']) writeFileSync(join(withConfig, name), '');
    expect(refusal(withConfig).code).toBe('data_dir_foreign');
    opened(withConfig, join(withConfig, 'box.yaml'));
  });

  it('that another start is making, or was when it was killed, is none of others', () => {
    for (const names of [
      ['lock.db', 'room-probe'],
      ['lock.db', 'owner.json.2684'],
      ['owner.json', 'instance-id.31'],
    ]) {
      const path = folder();
      for (const name of names) writeFileSync(join(path, name), '');
      opened(path);
    }
  });

  it('that is only asked whether an instance runs on it can be taken meanwhile', async () => {
    const path = folder();
    expect(isRunningOn(path)).toBe(false);
    expect(readdirSync(path)).toEqual([]);
    opened(path).release();
    const asking = new Worker(
      `const db = new (require(process.argv[2]))(process.argv[3], { readonly: true });
       db.exec('BEGIN');
       db.prepare('SELECT count(*) FROM sqlite_master').get();
       require('node:worker_threads').parentPort.postMessage('asks');
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
       db.exec('COMMIT');`,
      { eval: true, argv: [createRequire(import.meta.url).resolve('better-sqlite3'), join(path, 'lock.db')] },
    );
    await once(asking, 'message');
    expect(isRunningOn(path)).toBe(false);
    opened(path);
    expect(isRunningOn(path)).toBe(true);
    await once(asking, 'exit');
  });

  it('that was used before is taken with whatever is in it, and it is said when others may write to it', () => {
    const path = folder();
    opened(path).release();
    writeFileSync(join(path, 'notes.txt'), '');
    chmodSync(path, 0o777);
    const dataDir = opened(path);
    expect(dataDir.warning).toMatch(/can be written to by everyone.*chmod go-w/);
    expect(modeOf(path)).toBe(0o777);
  });

  it.runIf(isRoot)('of another user is refused, except an empty one for root, as containers mount them', () => {
    const path = folder();
    writeFileSync(join(path, 'signalbox.yaml'), '');
    writeFileSync(join(path, 'letter.txt'), '');
    chownSync(path, 65534, 65534);
    expect(refusal(path)).toEqual({
      code: 'data_dir_foreign',
      message: expect.stringContaining('another user (65534)'),
    });
    const empty = folder();
    chownSync(empty, 65534, 65534);
    opened(empty);
    expect(statSync(empty).uid).toBe(65534);
  });

  it('whose lock holds garbage is taken all the same, by one owner', () => {
    const path = folder();
    writeFileSync(join(path, 'lock.db'), 'no database, but long enough to be taken for one '.repeat(200));
    opened(path);
    expect(refusal(path).code).toBe('data_dir_taken');
  });

  it('whose lock is a folder is refused with what to do', () => {
    const path = folder();
    mkdirSync(join(path, 'lock.db'));
    expect(refusal(path)).toEqual({ code: 'data_dir_unusable', message: expect.stringMatching(/lock\.db.*remove it/) });
  });

  it('that is no folder is refused', () => {
    const path = join(folder(), 'file');
    writeFileSync(path, 'a letter');
    expect(refusal(path).code).toBe('data_dir_unusable');
    expect(readFileSync(path, 'utf8')).toBe('a letter');
  });
});

/** Rights do not bind root; a mount does. */
function whyNoReadOnly(): string | null {
  if (!onPosix) return 'rights of folders are tried on POSIX only';
  if (!isRoot) return null;
  try {
    execFileSync('mount', ['--version'], { stdio: 'pipe' });
    const path = folderOutsideTests();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', path], { stdio: 'pipe' });
    execFileSync('umount', [path], { stdio: 'pipe' });
    return null;
  } catch {
    return 'this user may not mount';
  }
}

function folderOutsideTests(): string {
  const path = join('/tmp', `signalbox-ro-${process.pid}`);
  mkdirSync(path, { recursive: true });
  return path;
}

const reason = whyNoReadOnly();

describe.skipIf(reason !== null)(`a read-only data directory${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  it('is refused with a code and a sentence', () => {
    const path = folder();
    if (isRoot) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', path]);
      onTestFinished(() => void execFileSync('umount', [path]));
    } else chmodSync(path, 0o500);
    expect(refusal(path)).toEqual({
      code: 'data_dir_read_only',
      message: expect.stringMatching(/cannot be written to \((EROFS|EACCES)\); make it writable/),
    });
    expect(refusal(join(path, 'inside')).code).toMatch(/^data_dir_(read_only|unusable)$/);
  });
});
