import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';

/** How far the log has been written: `salts` change when SQLite begins it again from its start. */
export interface WalPosition {
  salts: string;
  /** Frames up to and including the last commit; a frame is one page. */
  frames: number;
  /** Of those, frames that are in the database too. */
  copied: number;
  frameBytes: number;
}

/**
 * The write-ahead log as the operating system sees it: what SQLite writes without waiting is brought onto the disk here.
 *
 * SQLite's locks on `-shm` and on the database belong to the process: closing any descriptor of those two files gives all
 * of them up. They are therefore opened here once, and closed when no connection is left.
 */
export interface WalFile {
  /** Opens what is there. A commit has been made or read before, so that SQLite has made the files. */
  open(): void;
  /** False when SQLite has made new files since. */
  isCurrent(): boolean;
  position(): WalPosition;
  /** Calls back when all that is in the log now is on disk. */
  sync(done: (error: Error | null) => void): void;
  syncNow(): void;
  /**
   * Forgets what was committed after `position`, on disk too; gives the frames that are left. What has the store open
   * does not know of it, and the next sole opener reads the log from its start.
   */
  cutBack(position: WalPosition): number;
  /** For another thread that brings the database itself onto the disk. */
  readonly databaseDescriptor: number;
  /** No connection of this process may be open. */
  close(): void;
}

/** https://sqlite.org/walformat.html, "The WAL-Index File Format": integers are in the byte order of the machine. */
const indexHeaderBytes = 100;
const walHeaderBytes = 32;
const frameHeaderBytes = 24;

const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

export function createWalFile(databaseFile: string): WalFile {
  const walPath = `${databaseFile}-wal`;
  const indexPath = `${databaseFile}-shm`;
  let files: { wal: number; index: number; database: number } | null = null;
  const header = Buffer.alloc(indexHeaderBytes);
  const number32 = (at: number): number => (isLittleEndian ? header.readUInt32LE(at) : header.readUInt32BE(at));
  const number16 = (at: number): number => (isLittleEndian ? header.readUInt16LE(at) : header.readUInt16BE(at));

  function opened(): { wal: number; index: number; database: number } {
    if (files === null) throw new Error(`the log of ${databaseFile} is not open`);
    return files;
  }

  return {
    open() {
      if (files !== null) return;
      const open: number[] = [];
      try {
        for (const path of [walPath, indexPath, databaseFile]) open.push(openSync(path, 'r+'));
      } catch (error) {
        // Only the log's own descriptor: closing one of the others would give SQLite's locks up.
        if (open[0] !== undefined) closeSync(open[0]);
        throw error;
      }
      const [wal = -1, index = -1, database = -1] = open;
      files = { wal, index, database };
    },
    isCurrent() {
      if (files === null) return false;
      const isSame = (descriptor: number, path: string): boolean =>
        fstatSync(descriptor).ino === statSync(path, { throwIfNoEntry: false })?.ino;
      return isSame(files.wal, walPath) && isSame(files.index, indexPath);
    },
    position() {
      const read = readSync(opened().index, header, 0, indexHeaderBytes, 0);
      if (read < indexHeaderBytes) throw new Error(`${indexPath} is cut off`);
      const pageBytes = number16(14) === 1 ? 65_536 : number16(14);
      return {
        salts: header.toString('latin1', 32, 40),
        frames: number32(16),
        copied: number32(96),
        frameBytes: frameHeaderBytes + pageBytes,
      };
    },
    sync: (done) => fdatasync(opened().wal, done),
    syncNow: () => fdatasyncSync(opened().wal),
    cutBack({ salts, frames, frameBytes }) {
      const { wal } = opened();
      const start = Buffer.alloc(walHeaderBytes);
      const isSame =
        readSync(wal, start, 0, walHeaderBytes, 0) === walHeaderBytes && start.toString('latin1', 16, 24) === salts;
      // Begun again since: all that was committed before is in the database.
      const left = isSame ? frames : 0;
      const bytes = left === 0 ? 0 : walHeaderBytes + left * frameBytes;
      if (fstatSync(wal).size > bytes) ftruncateSync(wal, bytes);
      fsyncSync(wal);
      return left;
    },
    get databaseDescriptor() {
      return opened().database;
    },
    close() {
      if (files === null) return;
      for (const descriptor of [files.wal, files.index, files.database]) closeSync(descriptor);
      files = null;
    },
  };
}
