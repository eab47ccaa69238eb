import { z } from 'zod';
import { type DatabaseThread, startDatabaseThread } from '../database/database-thread.ts';
import { codedError } from '../database/storage-errors.ts';
import { type StoreCopy, storeCopySchema } from './copy-store.ts';

export const upkeepTaskSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('check'), file: z.string() }),
  z.object({ do: z.literal('verify'), file: z.string() }),
  z.object({ do: z.literal('copy'), from: z.string(), to: z.string() }),
  z.object({ do: z.literal('checkpoints'), file: z.string(), databaseDescriptor: z.number() }),
]);
export type UpkeepTask = z.infer<typeof upkeepTaskSchema>;

const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), message: z.string(), sqlite: z.string().nullable() }),
]);

export interface Upkeep {
  /** See `findDamage`. */
  check(file: string): Promise<string[]>;
  /** See `verifyStore`. */
  verify(file: string): Promise<StoreCopy>;
  /** See `copyStore`. */
  copy(from: string, to: string): Promise<StoreCopy>;
  /** Ends what is under way; its promise rejects. */
  stop(): Promise<void>;
}

/** A step of a copy takes less; a check is one statement. */
const stopPatienceMs = 500;

/** Work on whole files of the store, each on a thread of its own: it takes seconds for gigabytes. */
export function createUpkeep(workerFile: string | URL): Upkeep {
  const working = new Set<DatabaseThread>();

  function run(task: UpkeepTask): Promise<unknown> {
    return new Promise<unknown>((resolve, reject) => {
      const thread = startDatabaseThread(workerFile, task, (message) => {
        const reply = replySchema.parse(message);
        if (reply.ok) resolve(reply.value);
        else reject(codedError(reply.sqlite, reply.message));
      });
      working.add(thread);
      thread.worker.on('error', reject);
      thread.worker.on('exit', () => {
        working.delete(thread);
        reject(new Error('it was interrupted'));
      });
    });
  }

  return {
    check: async (file) => z.array(z.string()).parse(await run({ do: 'check', file })),
    verify: async (file) => storeCopySchema.parse(await run({ do: 'verify', file })),
    copy: async (from, to) => storeCopySchema.parse(await run({ do: 'copy', from, to })),
    async stop() {
      await Promise.all([...working].map((thread) => thread.stop(stopPatienceMs)));
    },
  };
}
