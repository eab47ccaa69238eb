import { z } from 'zod';
import { call } from './call.ts';
import { timeSchema } from './common.ts';
import { eventSchema } from './events.ts';
import { runDetailSchema, runSchema } from './runs.ts';

/** Null: it was or is not there at all. */
export const planDifferenceSchema = z.object({
  what: z.string(),
  before: z.string().nullable(),
  now: z.string().nullable(),
});
export type PlanDifference = z.infer<typeof planDifferenceSchema>;

/** Against the latest approved run of the job; null: there is none. */
const change = z.enum(['same', 'changed', 'new']).nullable();

const plan = {
  kind: z.enum(['command', 'script', 'http']),
  /** Of a command. */
  argv: z.array(z.string()),
  /** Of a script. */
  file: z.string().nullable(),
  fileSha256: z.string().nullable(),
  cwd: z.string(),
  envNames: z.array(z.string()),
  secretNames: z.array(z.string()),
};

/** Exactly what would run, and what differs from the latest approved run of the same job. */
export const approvalSchema = z.object({
  ...plan,
  /**
   * Files with their SHA-256: those that the definition names (the script, or arguments of the command) and, where they are
   * JavaScript or TypeScript, the local files they import.
   */
  files: z.array(z.object({ path: z.string(), sha256: z.string(), change })),
  /** Packages they import and all that those depend on; the SHA-256 is over the names and contents of a package's files. */
  packages: z.array(z.object({ name: z.string(), version: z.string(), path: z.string(), sha256: z.string(), change })),
  /** What else they may load, which only a run will show, such as an `import()` of a computed name; sentences. */
  open: z.array(z.string()),
  /** Changes with all of the above; given back with the approval, it makes sure that nothing changed in between. */
  digest: z.string(),
  /** Of a batch the newest. */
  event: eventSchema,
  batch: runDetailSchema.shape.batch,
  /** Why the caller cannot approve it; null: the caller can. */
  refusal: z.string().nullable().optional(),
  /** Null: no run of this job was ever approved. */
  previous: z
    .object({
      runId: z.string(),
      approvedAt: timeSchema,
      approvedBy: z.string(),
      ...plan,
      differences: z.array(planDifferenceSchema),
    })
    .nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;

const ids = z.array(z.string()).min(1).max(500);
const note = z.string().max(2000).optional();

export const approvalCalls = {
  'runs.approval': call(z.strictObject({ id: z.string() }), approvalSchema),
  /** Of `runs.approval`, as it is now: another one means that definition or files have changed since. */
  'runs.approvalDigest': call(z.strictObject({ id: z.string() }), z.object({ digest: z.string() })),
  /** `digest` (for one run) refuses with `stale_version` when what would run is not what was shown. */
  'runs.approve': call(
    z.strictObject({ ids, note, digest: z.string().optional() }),
    z.object({ items: z.array(runSchema) }),
  ),
  /** The runs are canceled with the reason `rejected`. */
  'runs.reject': call(z.strictObject({ ids, note }), z.object({ items: z.array(runSchema) })),
};
