import { z } from 'zod';
import { call } from './call.ts';
import { jsonSchema, nameSchema, okSchema, ownerSchema, secretRefSchema, slugSchema, timeSchema } from './common.ts';
import { durationSchema } from './duration.ts';
import { httpShape } from './http-jobs.ts';
import { passSchema } from './passed-values.ts';

const envNameSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name for an environment variable');

/** Names of the app's own variables that jobs get. Those that configure Signalbox are not for jobs. */
export const inheritEnvSchema = z
  .array(envNameSchema.refine((name) => !/^(?:SIGNALBOX|ELECTRON)_/i.test(name), 'is a variable of Signalbox itself'))
  .max(100);

const limits = {
  /** Runs of this job at the same time. */
  concurrency: z.number().int().min(1).max(256).optional(),
  /** Runs of this job that may wait in the queue, and as many for approval; one beyond fails at once, reason `queue`. */
  queue: z.number().int().min(1).max(1_000_000).optional(),
  timeout: durationSchema(1, 86_400_000).optional(),
  /** Counts the first. */
  attempts: z.number().int().min(1).max(100).optional(),
  /** Wait before the second attempt; doubles each time, ± 20 %, up to 10 min. */
  backoff: durationSchema(0, 86_400_000).optional(),
  /** What happens to runs that the app's own end cut short. */
  onInterrupted: z.enum(['retry', 'fail']).optional(),
  acknowledge: z.enum(['required', 'none']).optional(),
  /** `required`: no run starts before an operator has approved it. */
  approval: z.enum(['required', 'none']).optional(),
  /** The operator who last saved the job cannot approve its runs. */
  fourEyes: z.boolean().optional(),
  /** A run that is not approved within this time is canceled as `expired`. */
  approvalTimeout: durationSchema(1, 30 * 86_400_000).optional(),
  /** A run that has waited in the queue for this long is canceled as `expired`; absent: it waits for ever. */
  expireAfter: durationSchema(1, 30 * 86_400_000).optional(),
  /** `background` runs are not acknowledged when they complete, unless `acknowledge` says so. */
  mode: z.enum(['foreground', 'background']).optional(),
};

const common = {
  slug: slugSchema,
  name: nameSchema.optional(),
  /** Environment name → where its value is kept. Values are redacted from output. */
  secrets: z.record(envNameSchema, secretRefSchema).optional(),
  ...limits,
};

/** Of jobs that are processes. */
const ofProcess = {
  env: z.record(envNameSchema, z.string()).optional(),
  /** Variables of the app's own environment that the job gets besides the usual ones, where the app has them. */
  inheritEnv: inheritEnvSchema.optional(),
  cwd: z.string().min(1).optional(),
  /** Kept per stream (head and tail). */
  outputBytes: z
    .number()
    .int()
    .min(1024)
    .max(64 * 1024 * 1024)
    .optional(),
  /** Processes that a run leaves behind when it ends on its own go on, also after the app's end; else they are ended. */
  mayLeave: z.boolean().optional(),
};

export const jobSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('command'),
    command: z.array(z.string()).min(1).max(200),
    /** Keeps its standard input open after the event, for the answers to its `::ask` lines. */
    asks: z.boolean().optional(),
    /** Values of the event that become arguments, variables and files. */
    pass: passSchema.optional(),
    /** `output`: what it writes is its outcome, `{exitCode, output}`, standard output and error in the order they came. */
    outcome: z.enum(['file', 'output']).optional(),
    ...common,
    ...ofProcess,
  }),
  z.strictObject({
    kind: z.literal('script'),
    file: z.string().min(1),
    /** One process a run instead of the warm pool. */
    isolate: z.boolean().optional(),
    ...common,
    ...ofProcess,
  }),
  /** Sends each event to an address. */
  z.strictObject({ ...httpShape, ...common }),
]);
export type JobSpec = z.infer<typeof jobSpecSchema>;
export type HttpJobSpec = Extract<JobSpec, { kind: 'http' }>;
export type ProcessJobSpec = Exclude<JobSpec, { kind: 'http' }>;

export const jobDefaults = {
  concurrency: 1,
  queue: 10_000,
  timeout: '5m',
  attempts: 1,
  backoff: '10s',
  outputBytes: 1024 * 1024,
  onInterrupted: 'retry',
  acknowledge: 'none',
  approval: 'none',
  approvalTimeout: '24h',
  mode: 'foreground',
} as const;

const shown = {
  name: nameSchema,
  owner: ownerSchema,
  version: z.number().int(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  /** Why the job cannot run, such as a file that is not there; null when all is well. */
  problem: z.string().nullable(),
  /** `failed`: stored runs that failed, retried and acknowledged ones included; counted up to 10,000. */
  counts: z.object({ waiting: z.number(), running: z.number(), failed: z.number() }),
  lastRunAt: timeSchema.nullable(),
  /** Name of the person who saved it last; null: the config file, or before names were kept. */
  savedBy: z.string().nullable().optional(),
};

export const jobSchema = z.discriminatedUnion('kind', [
  jobSpecSchema.options[0].extend(shown),
  jobSpecSchema.options[1].extend(shown),
  jobSpecSchema.options[2].extend(shown),
]);
export type Job = z.infer<typeof jobSchema>;

/** What jobs get of the app's environment. */
export const jobEnvironmentSchema = z.object({
  /** Folders in which programs of commands are looked for, in this order; a job may set its own PATH. */
  path: z.array(z.string()),
  /** Null: the app was started from a terminal or as a service, and its own PATH counts. */
  loginShell: z
    .object({
      shell: z.string(),
      state: z.enum(['reading', 'read', 'failed']),
      /** Why its PATH could not be read; the app's own counts then. */
      problem: z.string().nullable(),
    })
    .nullable(),
  /** Names that every job gets. */
  passed: z.array(z.string()),
  /** Names of proxies, certificates and agents that the app has and jobs could inherit. */
  suggested: z.array(z.string()),
});
export type JobEnvironment = z.infer<typeof jobEnvironmentSchema>;

const version = { version: z.number().int() };

export const jobCalls = {
  'jobs.list': call(z.strictObject({}), z.object({ items: z.array(jobSchema) })),
  'jobs.get': call(z.strictObject({ slug: slugSchema }), jobSchema),
  'jobs.create': call(jobSpecSchema, jobSchema),
  'jobs.update': call(
    z.discriminatedUnion('kind', [
      jobSpecSchema.options[0].extend(version),
      jobSpecSchema.options[1].extend(version),
      jobSpecSchema.options[2].extend(version),
    ]),
    jobSchema,
  ),
  'jobs.remove': call(z.strictObject({ slug: slugSchema }), okSchema),
  'jobs.environment': call(z.strictObject({}), jobEnvironmentSchema),
  /** Really runs the job, for a stored event or for a given one; the run is kept and marked as a test. */
  'jobs.testRun': call(
    z.strictObject({
      slug: slugSchema,
      eventId: z.string().optional(),
      event: z
        .strictObject({ type: z.string().min(1), payload: jsonSchema, context: jsonSchema.optional() })
        .optional(),
    }),
    z.object({ runId: z.string(), eventId: z.string() }),
  ),
};
