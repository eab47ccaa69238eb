import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';

/**
 * Room that is put by: on a full disk SQLite cannot even delete rows, and removing this file gives it the room to go on
 * with (measured; see docs/operations.md).
 */
export interface Reserve {
  isThere(): boolean;
  /** Makes it unless it is there. Rejects when there is no room, leaving nothing behind. */
  build(): Promise<void>;
  /** Gives its room back, at once. */
  release(): void;
}

const chunkBytes = 1024 * 1024;

export function createReserve(file: string, sizeBytes: number): Reserve {
  const part = `${file}.part`;
  let building: Promise<void> | null = null;

  async function write(): Promise<void> {
    try {
      const handle = await open(part, 'w', 0o600);
      try {
        // Not zeros: file systems that compress would put nothing by.
        const chunk = randomBytes(chunkBytes);
        for (let written = 0; written < sizeBytes; written += chunkBytes) {
          await handle.write(chunk, 0, Math.min(chunkBytes, sizeBytes - written));
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  return {
    isThere: () => existsSync(file),
    async build() {
      if (existsSync(file)) return;
      building ??= write().finally(() => {
        building = null;
      });
      await building;
    },
    release() {
      rmSync(file, { force: true });
    },
  };
}
