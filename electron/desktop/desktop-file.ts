import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { errorCode } from '../../shared/error-code.ts';

const keptSchema = z.object({
  /** The person has been told that closing the window leaves the app running. */
  saidInBackground: z.boolean().catch(false),
  updateFeed: z.string().catch(''),
  /** The newest version that was told of in a notification. */
  toldVersion: z.string().nullable().catch(null),
});
export type Kept = z.infer<typeof keptSchema>;

export interface DesktopFile {
  get(): Kept;
  change(part: Partial<Kept>): void;
}

/** What belongs to the desktop app on this computer and not to the store, which moves with backups: `desktop.json`. */
export function openDesktopFile(dataDir: string, log: Logger): DesktopFile {
  const file = join(dataDir, 'desktop.json');
  let kept = keptSchema.parse({});
  try {
    kept = keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT')
      log.warn({ err: error, file }, 'what was kept of the desktop app cannot be read');
  }
  return {
    get: () => kept,
    change(part) {
      kept = { ...kept, ...part };
      // One writes after the other: write-file-atomic queues writes to the same file.
      writeFileAtomic(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 }).catch((error: unknown) =>
        log.warn({ err: error, file }, 'a change to the desktop app could not be kept'),
      );
    },
  };
}
