import { z } from 'zod';
import { call } from './call.ts';
import { listInputSchema, pageSchema, slugSchema, timeSchema } from './common.ts';
import { runReasonSchema } from './runs.ts';

/**
 * `open`: it wants attention. `acknowledged`: an operator has seen it; the next failed run opens it again. `snoozed`: its
 * runs stay out of the inbox until the snooze ends. `resolved`: dealt with; the next failed run opens it as a regression.
 */
export const failureStates = ['open', 'acknowledged', 'snoozed', 'resolved'] as const;
export const failureStateSchema = z.enum(failureStates);
export type FailureState = z.infer<typeof failureStateSchema>;

const versionsSchema = z.object({ first: z.number().int().nullable(), last: z.number().int().nullable() });

/** Failed runs that ended alike: same job, listener, exit reason and message apart from ids, times and numbers. */
export const failureSchema = z.object({
  id: z.string(),
  job: z.string(),
  /** Null for test runs. */
  listener: z.string().nullable(),
  reason: runReasonSchema.nullable(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** Of the latest run; null: it said nothing. */
  message: z.string().nullable(),
  state: failureStateSchema,
  /** Since when, and who made it so; null: Signalbox. */
  stateAt: timeSchema,
  stateBy: z.string().nullable(),
  /** Failed runs so far, those that retention removed included. */
  count: z.number().int(),
  firstSeenAt: timeSchema,
  lastSeenAt: timeSchema,
  lastRunId: z.string(),
  /** What ends the snooze; null unless it is snoozed. `more`: failed runs that are still let pass. */
  snooze: z
    .object({ until: timeSchema.nullable(), more: z.number().int().nullable(), onChange: z.boolean() })
    .nullable(),
  /** Name of the operator who takes care of it. */
  assignee: z.string().nullable(),
  /** How often it failed again after it had been resolved. */
  regressions: z.number().int(),
  regressedAt: timeSchema.nullable(),
  /** Versions in force when it failed first and last. */
  listenerVersions: versionsSchema,
  jobVersions: versionsSchema,
});
export type Failure = z.infer<typeof failureSchema>;

export const failureEntryKinds = [
  'note',
  'acknowledged',
  'snoozed',
  'woke',
  'resolved',
  'reopened',
  'regressed',
  'assigned',
] as const;

export const failureEntrySchema = z.object({
  kind: z.enum(failureEntryKinds),
  at: timeSchema,
  /** Null: Signalbox. */
  by: z.string().nullable(),
  /** A note, in Markdown. */
  text: z.string().nullable(),
  /** Of `snoozed`: until when. */
  until: timeSchema.nullable(),
  /** Of `snoozed`: how many more failed runs. */
  more: z.number().int().nullable(),
  /** Of `snoozed`: until the listener or job changes. */
  onChange: z.boolean(),
  /** Of `assigned`; null: unassigned. */
  assignee: z.string().nullable(),
  /** The run that brought it about. */
  runId: z.string().nullable(),
});
export type FailureEntry = z.infer<typeof failureEntrySchema>;

export const failureDetailSchema = failureSchema.extend({
  /** Runs that are neither acknowledged nor followed by a success; counted up to 10,000. */
  unresolved: z.number().int(),
  /** Runs that are still stored; counted up to 10,000. */
  stored: z.number().int(),
  /** Oldest first, the latest 200. */
  entries: z.array(failureEntrySchema),
  /** Values in the contexts of the latest 500 stored runs, by path; the most frequent first. */
  contexts: z.array(
    z.object({
      path: z.string(),
      distinct: z.number().int(),
      values: z.array(z.object({ value: z.string(), count: z.number().int() })),
    }),
  ),
  /** What was saved since it was first seen, newest first. `version` of a job is the present one. */
  changes: z.array(
    z.object({
      kind: z.enum(['listener', 'job']),
      slug: z.string(),
      version: z.number().int(),
      at: timeSchema,
      savedBy: z.string().nullable(),
    }),
  ),
});
export type FailureDetail = z.infer<typeof failureDetailSchema>;

const byId = z.strictObject({ id: z.string() });
const ids = z.array(z.string()).min(1).max(500);
const note = z.string().trim().max(10_000).optional();
const changed = z.object({ items: z.array(failureSchema) });

export const failureCalls = {
  /** Latest seen first. `query` looks for words in job, listener and message. */
  'failures.list': call(
    listInputSchema.extend({
      state: z.array(failureStateSchema).max(4).optional(),
      job: slugSchema.optional(),
      listener: slugSchema.optional(),
      assignee: z.string().max(200).optional(),
    }),
    pageSchema(failureSchema),
  ),
  /** How many failures stand at each state. */
  'failures.counts': call(z.strictObject({}), z.record(failureStateSchema, z.number().int())),
  'failures.get': call(byId, failureDetailSchema),
  /** Acknowledges its failed runs too. */
  'failures.acknowledge': call(z.strictObject({ ids, note }), changed),
  /** Acknowledges its failed runs too. */
  'failures.resolve': call(z.strictObject({ ids, note }), changed),
  /** Its failed runs leave the inbox until the first of these: a time, so many more failed runs, a change of the listener or job. */
  'failures.snooze': call(
    z
      .strictObject({
        ids,
        note,
        until: timeSchema.optional(),
        more: z.number().int().min(1).max(1_000_000).optional(),
        onChange: z.boolean().optional(),
      })
      .refine(({ until, more, onChange }) => until !== undefined || more !== undefined || onChange === true, {
        message: 'needs an end: until, more or onChange',
      }),
    changed,
  ),
  /** Takes back its acknowledgement, snooze or resolution: the runs that left the inbox with it return. */
  'failures.reopen': call(z.strictObject({ ids }), changed),
  /** Null: unassigned. */
  'failures.assign': call(z.strictObject({ ids, assignee: z.string().trim().min(1).max(200).nullable() }), changed),
  /** Names that a failure can be assigned to, the caller's first. */
  'failures.assignees': call(z.strictObject({}), z.object({ items: z.array(z.string()) })),
  /** Adds a note in Markdown. */
  'failures.note': call(byId.extend({ text: z.string().trim().min(1).max(10_000) }), failureSchema),
};
