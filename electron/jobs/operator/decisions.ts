import type { Approval } from '../../../shared/contract/approvals.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { missingJob } from '../../runs/missing-job.ts';
import { mustFindRun } from '../../runs/must-find-run.ts';
import { isoTime } from '../../store/database/times.ts';
import { readEventRow, toEventItem } from '../../store/events/events.ts';
import { readEventRuns } from '../../store/runs/event-runs.ts';
import { type Decision, readPreviousApproval } from '../../store/runs/run-approvals.ts';
import { type RunRow, toRun } from '../../store/runs/run-rows.ts';
import { localCommands } from '../../store/write/commands.ts';
import { fileSha256, planDifferences, planDigest, planOf, type RunPlan, readRunPlan } from '../approval/run-plan.ts';
import type { CatalogJob, JobCatalog } from '../attempt/job-catalog.ts';
import type { JobRunnerDeps } from '../run/runner-deps.ts';
import type { DecisionInput, JobRunner } from './runner-types.ts';

interface DecisionDeps extends Pick<JobRunnerDeps, 'db' | 'writer' | 'catalog' | 'lifecycle' | 'dataDir' | 'shared'> {
  nowMs: () => number;
}

function mustHaveJob(catalog: JobCatalog, { id, job: slug }: RunRow): CatalogJob {
  const job = catalog.get(slug);
  if (job === null) throw missingJob(catalog, slug, `The job ${slug} of the run ${id} was removed.`);
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

/** What an operator must see to decide. Throws AppError. */
async function readApproval(id: string, { db, catalog, dataDir }: DecisionDeps): Promise<Approval> {
  const row = mustFindRun(db, id);
  const event = readEventRow(db, row.event_id);
  if (event === null) throw new AppError('not_found', `The event of the run ${id} was removed.`);
  const { plan } = await planOf(mustHaveJob(catalog, row), dataDir);
  const previous = readPreviousApproval(db, row.job, row.seq);
  const planBefore = previous === null ? null : readRunPlan(previous.plan);
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
async function plansFor(input: DecisionInput, { db, catalog, dataDir }: DecisionDeps): Promise<Map<string, RunPlan>> {
  const plans = new Map<string, RunPlan>();
  for (const id of input.ids) {
    const row = mustFindRun(db, id);
    const job = catalog.get(row.job);
    if (row.state === 'pending' && job !== null && !plans.has(row.job)) {
      plans.set(row.job, (await planOf(job, dataDir)).plan);
    }
  }
  const [only] = plans.values();
  if (input.digest !== undefined && only !== undefined && planDigest(only) !== input.digest) {
    throw new AppError('stale_version', 'What would run has changed since it was shown; look at it again.');
  }
  return plans;
}

const decision = ({ by, note }: DecisionInput, plan: RunPlan | null, atMs: number): Decision => ({
  by,
  atMs,
  note,
  plan: JSON.stringify(plan),
});

/** Why the person may not approve runs of the job alone; null when they may. */
function refusalOf({ slug, spec, savedBy }: CatalogJob, byId: string | undefined): string | null {
  if (spec.fourEyes !== true || savedBy === null || savedBy.id !== byId) return null;
  return `Job "${slug}" needs an approval from another person: ${savedBy.name} saved it last.`;
}

/** Before anything is decided: of many runs, none is approved when one may not be. */
function assertOtherPerson({ ids, byId }: DecisionInput, { db, catalog }: DecisionDeps): void {
  for (const id of ids) {
    const job = catalog.get(mustFindRun(db, id).job);
    const refusal = job === null ? null : refusalOf(job, byId);
    if (refusal !== null) throw new AppError('forbidden', refusal);
  }
}

/** Operators' decisions on runs that wait for an approval. */
export function createDecisions(
  deps: DecisionDeps,
): Pick<JobRunner, 'approval' | 'approvalDigest' | 'approvalRefusal' | 'approve' | 'reject'> {
  const { writer, catalog, lifecycle, nowMs } = deps;
  const { define } = deps.shared?.commands ?? localCommands(writer);

  const approveAll = define('runs.approve', (tx, input: DecisionInput, plans: Record<string, RunPlan>) =>
    input.ids.map((id) => {
      const row = mustFindRun(tx.db, id);
      // Already decided by another operator: not an error, and the run shows by whom.
      if (row.state !== 'pending' && row.decided_at !== null && row.reason !== 'rejected') return toRun(row);
      const plan = plans[row.job];
      const { expireAfterMs } = mustHaveJob(catalog, row);
      if (plan === undefined) throw notPending(row);
      const atMs = nowMs();
      const expiresAtMs = expireAfterMs === null ? null : atMs + expireAfterMs;
      const run = lifecycle.approve(tx, row, decision(input, plan, atMs), expiresAtMs);
      if (run === null) throw notPending(row);
      return run;
    }),
  );

  const rejectAll = define('runs.reject', (tx, input: DecisionInput, plans: Record<string, RunPlan>) =>
    input.ids.map((id) => {
      const row = mustFindRun(tx.db, id);
      if (row.reason === 'rejected') return toRun(row);
      // A run whose job was removed meanwhile has no plan, and can only be rejected.
      const run = lifecycle.reject(tx, row, decision(input, plans[row.job] ?? null, nowMs()));
      if (run === null) throw notPending(row);
      return run;
    }),
  );

  return {
    approval: (id) => readApproval(id, deps),
    async approvalDigest(id) {
      const job = mustHaveJob(catalog, mustFindRun(deps.db, id));
      return planDigest((await planOf(job, deps.dataDir)).plan);
    },
    approvalRefusal: (id, byId) => refusalOf(mustHaveJob(catalog, mustFindRun(deps.db, id)), byId),
    async approve(input) {
      assertOtherPerson(input, deps);
      return await approveAll(input, Object.fromEntries(await plansFor(input, deps)));
    },
    reject: async (input) => await rejectAll(input, Object.fromEntries(await plansFor(input, deps))),
  };
}

const notPending = ({ id, state }: RunRow): AppError =>
  new AppError('wrong_state', `The run ${id} is ${state}; only a run that waits for approval can be decided on.`);
