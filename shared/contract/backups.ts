import { z } from 'zod';
import { call } from './call.ts';
import { okSchema, timeSchema } from './common.ts';

/** Rows of a copy, as they were counted in it. */
const countsSchema = z.object({
  sources: z.number().int(),
  listeners: z.number().int(),
  jobs: z.number().int(),
  events: z.number().int(),
  runs: z.number().int(),
});

export const backupSchema = z.object({
  /** Its file in the folder of backups. */
  name: z.string(),
  createdAt: timeSchema,
  sizeBytes: z.number(),
  /** `unknown`: a file that Signalbox did not make. */
  reason: z.enum(['daily', 'asked', 'unknown']),
  /** Read page by page after it was made, with the rows that were found. Null: not verified. */
  verified: countsSchema.nullable(),
});
export type Backup = z.infer<typeof backupSchema>;

/** A store that was moved out of the way, and is kept until its folder is removed. */
export const setAsideSchema = z.object({
  /** Its folder in `quarantine`. */
  name: z.string(),
  at: timeSchema,
  /** `damaged`: found at a start; `replaced`: another was put in its place. */
  reason: z.enum(['damaged', 'replaced', 'unknown']),
  details: z.array(z.string()),
  sizeBytes: z.number(),
  canRestore: z.boolean(),
});
export type SetAside = z.infer<typeof setAsideSchema>;

export const backupCalls = {
  /** Newest first. */
  'backups.list': call(
    z.strictObject({}),
    z.object({
      items: z.array(backupSchema),
      setAside: z.array(setAsideSchema),
      /** The folder they lie in. */
      dir: z.string(),
      /** When the next one is due; null while none are made by themselves. */
      dueAt: timeSchema.nullable(),
      isWorking: z.boolean(),
      /** Why the last one did not come about; null when it did. */
      problem: z.object({ at: timeSchema, message: z.string() }).nullable(),
      /**
       * Set while the present store is an empty one that took the place of a lost one, and no decision was made yet.
       * `setAside`: the damaged one's folder in `quarantine`; null when its file was gone.
       */
      undecided: z.object({ setAside: z.string().nullable(), offer: z.string().nullable() }).nullable(),
    }),
  ),
  /** Resolves when it is made and verified. */
  'backups.create': call(z.strictObject({}), backupSchema),
  /** Reads a backup page by page and counts its rows. `problem`: what is wrong with it; null when it is whole. */
  'backups.verify': call(
    z.strictObject({ name: z.string().min(1).max(200) }),
    z.object({ backup: backupSchema, problem: z.string().nullable() }),
  ),
  /**
   * Checks the copy, then restarts the app on it, in the same process. The present store is set aside: restoring
   * from there takes it back.
   */
  'backups.restore': call(
    z.strictObject({ name: z.string().min(1).max(200), from: z.enum(['backups', 'quarantine']).optional() }),
    okSchema,
  ),
  /** Goes on with the empty store that took a lost one's place; what was set aside stays where it is. */
  'backups.keepPresent': call(z.strictObject({}), okSchema),
};
