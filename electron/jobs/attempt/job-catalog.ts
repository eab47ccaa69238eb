import { type FieldPath, parseFieldPath } from '../../../shared/conditions/values/paths.ts';
import { httpBatchDefaults } from '../../../shared/contract/batches.ts';
import { durationMs } from '../../../shared/contract/duration.ts';
import { httpDefaults } from '../../../shared/contract/http-jobs.ts';
import { type HttpJobSpec, type JobSpec, jobDefaults } from '../../../shared/contract/jobs.ts';
import type { JobPlan, JobPlans } from '../../runs/job-plans.ts';
import type { Saver } from '../../store/definitions/jobs.ts';
import type { BatchTerms } from '../../store/events/batch-terms.ts';

/** A job's definition with its defaults filled in; times in milliseconds. */
export interface CatalogJob extends JobPlan {
  slug: string;
  spec: JobSpec;
  /** Folder that the definition's relative paths start from; null: the job's own work folder. */
  baseDir: string | null;
  version: number;
  /** Who saved it last; null: the config file. */
  savedBy: Saver | null;
  concurrency: number;
  timeoutMs: number;
  backoffMs: number;
  /** Waits before each further attempt, in place of `backoffMs`; null: that counts. */
  retryWaitsMs: readonly number[] | null;
  /** Kept of each stream. */
  outputBytes: number;
  onInterrupted: 'retry' | 'fail';
}

export interface JobDefinition {
  spec: JobSpec;
  baseDir: string | null;
  version: number;
  savedBy?: Saver | null;
}

/** Every job there is, and how many runs wait for each. */
export interface JobCatalog extends JobPlans {
  get(slug: string): CatalogJob | null;
  slugs(): string[];
  /** Takes the place of all before; `unreadable`: slugs of stored definitions that are damaged. */
  replaceAll(jobs: readonly JobDefinition[], unreadable?: readonly string[]): void;
  /** What counting in and out has left wrong is set right here, when the claim loop finds the queue empty. */
  setWaiting(job: string, count: number): void;
  /** Of all jobs together. */
  totalWaiting(): number;
}

export function createJobCatalog(): JobCatalog {
  let jobs = new Map<string, CatalogJob>();
  let unreadableSlugs: ReadonlySet<string> = new Set();
  const waiting = new Map<string, number>();
  let total = 0;

  const setWaiting = (job: string, count: number): void => {
    total += count - (waiting.get(job) ?? 0);
    if (count === 0) waiting.delete(job);
    else waiting.set(job, count);
  };

  return {
    plan: (slug) => jobs.get(slug) ?? null,
    get: (slug) => jobs.get(slug) ?? null,
    slugs: () => [...jobs.keys()],
    isUnreadable: (slug) => unreadableSlugs.has(slug),
    replaceAll(definitions, unreadable = []) {
      unreadableSlugs = new Set(unreadable);
      jobs = new Map(definitions.map((definition) => [definition.spec.slug, fillIn(definition)]));
    },
    waiting: (slug) => Math.max(0, waiting.get(slug) ?? 0),
    addWaiting: (slug, count) => setWaiting(slug, (waiting.get(slug) ?? 0) + count),
    setWaiting,
    totalWaiting: () => Math.max(0, total),
  };
}

/** Waits before each further attempt of a job that sends requests; null where it has `attempts` and `backoff` instead. */
function retryWaits(spec: JobSpec): readonly number[] | null {
  if (spec.kind !== 'http') return null;
  const { retries = spec.attempts === undefined ? 'default' : undefined } = spec;
  if (retries === undefined) return null;
  if (retries === 'none') return [];
  return (retries === 'default' ? httpDefaults.retries : retries).map(durationMs);
}

function readOrderPath(text: string): FieldPath | null {
  const parsed = parseFieldPath(text);
  return parsed.ok ? parsed.path : null;
}

function batchTerms({ batch }: HttpJobSpec): BatchTerms | null {
  if (batch === undefined) return null;
  const { count, bytes, period } = { ...httpBatchDefaults, ...batch };
  return { count, bytes, periodMs: durationMs(period), by: null };
}

function fillIn({ spec, baseDir, version, savedBy = null }: JobDefinition): CatalogJob {
  const defaults = spec.kind === 'http' ? { ...jobDefaults, ...httpDefaults } : jobDefaults;
  const retryWaitsMs = retryWaits(spec);
  return {
    slug: spec.slug,
    spec,
    baseDir,
    version,
    savedBy,
    concurrency: spec.concurrency ?? defaults.concurrency,
    queue: spec.queue ?? defaults.queue,
    timeoutMs: durationMs(spec.timeout ?? defaults.timeout),
    attempts: retryWaitsMs === null ? (spec.attempts ?? jobDefaults.attempts) : retryWaitsMs.length + 1,
    retryWaitsMs,
    orderBy: spec.kind === 'http' && spec.order !== undefined ? readOrderPath(spec.order.by) : null,
    batch: spec.kind === 'http' ? batchTerms(spec) : null,
    backoffMs: durationMs(spec.backoff ?? jobDefaults.backoff),
    outputBytes: (spec.kind === 'http' ? undefined : spec.outputBytes) ?? jobDefaults.outputBytes,
    onInterrupted: spec.onInterrupted ?? jobDefaults.onInterrupted,
    acknowledge: spec.acknowledge ?? jobDefaults.acknowledge,
    mode: spec.mode ?? jobDefaults.mode,
    approval: spec.approval ?? jobDefaults.approval,
    approvalTimeoutMs: durationMs(spec.approvalTimeout ?? jobDefaults.approvalTimeout),
    expireAfterMs: spec.expireAfter === undefined ? null : durationMs(spec.expireAfter),
  };
}
