import type { Approval } from '../../shared/contract/approvals.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { Planned } from '../intake/intake-types.ts';
import { type RunEventType, runEvent } from '../runs/run-event.ts';
import { readEventRow, toEventItem } from '../store/events.ts';
import type { ReadableDb, WritableDb } from '../store/open.ts';
import { readEventRuns } from '../store/runs/event-runs.ts';
import {
  approveRun,
  type Decision,
  readApprovedPlan,
  readPreviousApproval,
  rejectRun,
} from '../store/runs/run-approvals.ts';
import { type RunRow, toRun } from '../store/runs/run-rows.ts';
import { isoTime } from '../store/times.ts';
import type { ActiveRun } from './active-run.ts';
import type { ApprovedFiles } from './attempt.ts';
import type { CatalogJob, JobCatalog } from './job-catalog.ts';
import { type Changed, mustFindRun } from './run-operations.ts';
import {
  fileSha256,
  type PlannedFiles,
  parseRunPlan,
  planDifferences,
  planDigest,
  planOf,
  type RunPlan,
} from './run-plan.ts';
import type { JobRunnerDeps } from './runner-types.ts';

export interface DecisionInput {
  ids: readonly string[];
  by: string;
  note: string | null;
  /** Of the plan that was shown; for a single run. */
  digest?: string | undefined;
}

/** Of what has changed; a note is one sentence. */
const maxNamed = 10;

type DecisionDeps = Pick<JobRunnerDeps, 'catalog' | 'intake' | 'dataDir'>;

function mustHaveJob(catalog: JobCatalog, { id, job: slug }: RunRow): CatalogJob {
  const job = catalog.get(slug);
  if (job === null) throw new AppError('not_found', `The job ${slug} of the run ${id} was removed.`);
  return job;
}

const show = (plan: RunPlan) => ({
  kind: plan.kind,
  argv: plan.argv,
  file: plan.file,
  fileSha256: fileSha256(plan),
  cwd: plan.cwd,
  envNames: [...new Set([...Object.keys(plan.env), ...plan.inherits])].sort(),
  secretNames: Object.keys(plan.secrets).sort(),
});

/** Null for one that is damaged in the store. */
function readPlan(text: string): RunPlan | null {
  try {
    return parseRunPlan(text);
  } catch {
    return null;
  }
}

/** What an operator must see to decide. Throws AppError. */
export async function readApproval(db: ReadableDb, id: string, { catalog, dataDir }: DecisionDeps): Promise<Approval> {
  const row = mustFindRun(db, id);
  const event = readEventRow(db, row.event_id);
  if (event === null) throw new AppError('not_found', `The event of the run ${id} was removed.`);
  const { plan } = await planOf(mustHaveJob(catalog, row), dataDir);
  const previous = readPreviousApproval(db, row.job, row.seq);
  const planBefore = previous === null ? null : readPlan(previous.plan);
  return {
    ...show(plan),
    files: withChanges(plan.files, planBefore?.files ?? null),
    packages: withChanges(plan.packages, planBefore?.packages ?? null),
    open: plan.open,
    digest: planDigest(plan),
    event: toEventItem(event, readEventRuns(db, [event.seq]).get(event.seq) ?? [], Number.POSITIVE_INFINITY),
    previous:
      previous === null || planBefore === null
        ? null
        : {
            runId: previous.run_id,
            approvedAt: isoTime(previous.at),
            approvedBy: previous.by,
            ...show(planBefore),
            differences: planDifferences(planBefore, plan),
          },
  };
}

function withChanges<T extends { path: string; sha256: string }>(
  now: readonly T[],
  before: readonly T[] | null,
): (T & { change: 'same' | 'changed' | 'new' | null })[] {
  const were = new Map(before?.map(({ path, sha256 }) => [path, sha256]));
  return now.map((one) => {
    const was = were.get(one.path);
    if (before === null) return { ...one, change: null };
    return { ...one, change: was === undefined ? 'new' : was === one.sha256 ? 'same' : 'changed' };
  });
}

/** Plans of the runs that are to be decided on, by job: files are read before the transaction, once a job. */
export async function plansFor(
  db: ReadableDb,
  input: DecisionInput,
  deps: DecisionDeps,
): Promise<Map<string, RunPlan>> {
  const plans = new Map<string, RunPlan>();
  for (const id of input.ids) {
    const row = mustFindRun(db, id);
    const job = deps.catalog.get(row.job);
    if (row.state === 'pending' && job !== null && !plans.has(row.job)) {
      plans.set(row.job, (await planOf(job, deps.dataDir)).plan);
    }
  }
  const [only] = plans.values();
  if (input.digest !== undefined && only !== undefined && planDigest(only) !== input.digest) {
    throw new AppError('stale_version', 'What would run has changed since it was shown; look at it again.');
  }
  return plans;
}

/** Inside a transaction: all of them or none. */
export function approveInDb(
  db: WritableDb,
  input: DecisionInput,
  plans: ReadonlyMap<string, RunPlan>,
  nowMs: number,
  deps: DecisionDeps,
): Changed[] {
  return input.ids.map((id) => {
    const row = mustFindRun(db, id);
    // Somebody else may have been quicker: that is no mistake, and the run shows who it was.
    if (row.state !== 'pending' && row.decided_at !== null && row.reason !== 'rejected') return unchanged(row);
    const plan = plans.get(row.job);
    const { expireAfterMs } = mustHaveJob(deps.catalog, row);
    const isNew =
      plan !== undefined &&
      approveRun(db, row.seq, decision(input, plan, nowMs), expireAfterMs === null ? null : nowMs + expireAfterMs);
    if (!isNew) throw notPending(row);
    deps.catalog.addWaiting(row.job, 1);
    return { ...told(db, id, ['job:approved'], deps), queued: row.job };
  });
}

export function rejectInDb(
  db: WritableDb,
  input: DecisionInput,
  plans: ReadonlyMap<string, RunPlan>,
  nowMs: number,
  deps: DecisionDeps,
): Changed[] {
  return input.ids.map((id) => {
    const row = mustFindRun(db, id);
    if (row.reason === 'rejected') return unchanged(row);
    // A run whose job was removed meanwhile has no plan, and can only be rejected.
    if (!rejectRun(db, row.seq, decision(input, plans.get(row.job) ?? null, nowMs))) throw notPending(row);
    return told(db, id, ['job:rejected', 'job:canceled'], deps);
  });
}

const decision = ({ by, note }: DecisionInput, plan: RunPlan | null, atMs: number): Decision => ({
  by,
  atMs,
  note,
  plan: JSON.stringify(plan),
});

const unchanged = (row: RunRow): Changed => ({ run: toRun(row), also: [], planned: [], queued: null });

function told(db: WritableDb, id: string, types: RunEventType[], { intake }: DecisionDeps): Changed {
  const row = mustFindRun(db, id);
  const run = toRun(row);
  const planned: Planned[] = types
    .filter((type) => type === 'job:canceled' || intake.hasListenerFor(type))
    .map((type) => intake.recordRunEvent(db, runEvent(type, run, row.depth)));
  return { run, also: [], planned, queued: null };
}

const notPending = ({ id, state }: RunRow): AppError =>
  new AppError('wrong_state', `The run ${id} is ${state}; only a run that waits for approval can be decided on.`);

/** What was approved, as it is on the disk now; or why a run that needs an approval may not start as it is. */
export type Checked = { approved: ApprovedFiles } | { note: string };

/** Reads all that would run. Never rejects. */
export async function checkApproved(
  db: ReadableDb,
  run: ActiveRun,
  job: CatalogJob,
  dataDir: string,
): Promise<Checked> {
  const approved = readApprovedPlan(db, run.row.seq);
  if (approved === null || run.row.decided_at === null) return { note: 'Not approved yet.' };
  let now: PlannedFiles;
  try {
    now = await planOf(job, dataDir);
  } catch (error) {
    return { note: `The files to run could not be read: ${error instanceof Error ? error.message : String(error)}` };
  }
  const approvedPlan = readPlan(approved);
  if (approvedPlan === null) return { note: 'The stored approval is damaged.' };
  const differences = planDifferences(approvedPlan, now.plan);
  if (differences.length === 0) return { approved: { digest: planDigest(now.plan), contents: now.contents } };
  const named = differences.slice(0, maxNamed).map(({ what }) => what);
  const more = differences.length > maxNamed ? `, and ${differences.length - maxNamed} more` : '';
  return { note: `Changed since it was approved: ${named.join(', ')}${more}.` };
}
