import { z } from 'zod';
import { vias } from './access/caller.ts';
import { call } from './call.ts';
import { jsonSchema, pageSchema, timeSchema } from './common.ts';

/** `refused`: permission or sign-in was denied. `failed`: permitted, but it did not succeed. */
export const auditOutcomeSchema = z.enum(['done', 'refused', 'failed']);

export const auditEntrySchema = z.object({
  id: z.string(),
  at: timeSchema,
  /** Null: the local administrator, or Signalbox itself. */
  accountId: z.string().nullable(),
  name: z.string(),
  via: z.enum(vias),
  address: z.string().nullable(),
  /** A call of the contract, or `session.join`, `session.start`, `session.end`, `session.refuse`, `account.addPasskey`. */
  call: z.string(),
  /** What was acted on: a slug, a name, ids. */
  target: z.string().nullable(),
  outcome: auditOutcomeSchema,
  error: z.string().nullable(),
  /** Of a changed definition, setting or account; never with a secret's value. */
  before: jsonSchema,
  after: jsonSchema,
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditCalls = {
  /** Newest first. `query`: words in a name, call, target or address. */
  'audit.list': call(
    z.strictObject({
      query: z.string().max(200).optional(),
      accountId: z.string().optional(),
      /** Such as `jobs.update`, or `jobs.` for all calls about jobs. */
      call: z.string().max(80).optional(),
      outcome: auditOutcomeSchema.optional(),
      from: timeSchema.optional(),
      to: timeSchema.optional(),
      limit: z.number().int().min(1).max(500).optional(),
      cursor: z.string().max(40).nullish(),
    }),
    pageSchema(auditEntrySchema),
  ),
};
