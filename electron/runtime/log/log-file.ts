import { closeSync, fstatSync, openSync, renameSync, rmSync } from 'node:fs';
import { errorCode } from '../../../shared/error-code.ts';
import { createLineSink, type LineSink } from './line-sink.ts';

export interface LogFileLimits {
  /** A file that would grow beyond this is set aside as `<path>.1`. */
  maxBytes: number;
  /** Files set aside that are kept, `<path>.1` being the newest. */
  kept: number;
}

const defaultLimits: LogFileLimits = { maxBytes: 10 * 1024 * 1024, kept: 4 };

/**
 * The log file of bounded size. Rotated between two lines and at once, unlike by pino-roll or rotating-file-stream, whose
 * streams have to be flushed at the end. Where files cannot be renamed or made (a full disk, a reader's lock on Windows)
 * lines go on into the present file, and it is tried again after a tenth of its size. Throws when it cannot be opened.
 */
export function openLogFile(path: string, { maxBytes, kept }: LogFileLimits = defaultLimits): LineSink {
  let descriptor = openSync(path, 'a', 0o600);
  const sink = createLineSink(descriptor);
  const fresh = `${path}.new`;
  let bytes = fstatSync(descriptor).size;
  let rotateAtBytes = maxBytes;
  let isClosed = false;

  function rotate(): void {
    // Others may have cut it short meanwhile (logrotate's copytruncate).
    bytes = fstatSync(descriptor).size;
    if (bytes < maxBytes / 2) return;
    // The new file comes first: without room for it, the old one must stay where it is.
    rmSync(fresh, { force: true });
    // To append, as the first one: others may cut it short, and lines then go on at its new end.
    const next = openSync(fresh, 'a', 0o600);
    try {
      for (let number = kept; number > 1; number -= 1) renameIfThere(`${path}.${number - 1}`, `${path}.${number}`);
      renameSync(path, `${path}.1`);
      renameSync(fresh, path);
    } catch (error) {
      closeSync(next);
      rmSync(fresh, { force: true });
      throw error;
    }
    sink.moveTo(next);
    descriptor = next;
    bytes = 0;
  }

  return {
    write(line) {
      if (isClosed) return;
      const lineBytes = Buffer.byteLength(line);
      if (bytes > 0 && bytes + lineBytes > rotateAtBytes) {
        try {
          rotate();
          rotateAtBytes = maxBytes;
        } catch {
          rotateAtBytes = bytes + maxBytes / 10;
        }
      }
      bytes += lineBytes;
      sink.write(line);
    },
    close() {
      isClosed = true;
      sink.close();
    },
  };
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
