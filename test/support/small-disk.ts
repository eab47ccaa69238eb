import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Mounting takes root; where it is not allowed there is no small disk to fill. Null: it is. */
export function whyNoMount(): string | null {
  if (process.platform !== 'linux') return 'a small tmpfs is mounted on Linux only';
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir], { stdio: 'pipe' });
    execFileSync('umount', [dir], { stdio: 'pipe' });
    return null;
  } catch {
    return 'this user may not mount a tmpfs';
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export function smallDisk(sizeMib: number): string {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m,mode=0700`, 'tmpfs', dir]);
  onTestFinished(() => {
    // Lazily: threads that are ending may hold their files for a moment.
    execFileSync('umount', ['-l', dir]);
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

const freeBytes = (dir: string): number => {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize;
};

/** Takes all room of the disk but so much. */
export function fill(dir: string, leaveBytes: number): string {
  const file = join(dir, 'filler');
  writeFileSync(file, Buffer.alloc(Math.max(0, freeBytes(dir) - leaveBytes), 1));
  return file;
}
