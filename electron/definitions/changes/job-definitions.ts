import { AppError } from '../../../shared/contract/errors.ts';
import { deleteJob, hasJob, putJob, readJob, type StoredJob } from '../../store/definitions/jobs.ts';
import { listenersNaming } from '../../store/definitions/listeners.ts';
import { jobFileProblem } from '../checks/job-problem.ts';
import { assertEditable, notFound, taken, usedByListeners } from '../checks/refusals.ts';
import { jobSecrets, secretProblem } from '../checks/secret-refs.ts';
import type { JobDefinitions } from '../definition-types.ts';
import { assertReadable, type DefinitionState, isDamaged, isSameJson } from './definition-state.ts';

export function createJobDefinitions(state: DefinitionState): JobDefinitions {
  const { writer, secretStore, jobEnvironment, dataDir, jobDeleted } = state.options;

  /** An operator cannot approve within the seconds that a sender waits for its answer. */
  function assertAnswersNobody(slug: string): void {
    const answering = [...state.listeners.values()].find(
      ({ job, mode, state: listenerState }) => job === slug && mode === 'enrich' && listenerState === 'active',
    );
    if (answering === undefined) return;
    throw new AppError(
      'conflict',
      `Listener "${answering.slug}" answers requests with job "${slug}"; senders cannot wait for an approval. First give that listener another job, or set its mode to notify.`,
      [
        {
          path: ['approval'],
          message: `cannot be required while listener "${answering.slug}" answers requests with it`,
        },
      ],
    );
  }

  return {
    list: () => [...state.jobs.values()],
    get(slug) {
      assertReadable(state, 'job', slug);
      const job = state.jobs.get(slug);
      if (job === undefined) throw notFound('job', slug);
      return job;
    },
    has: (slug) => state.jobs.has(slug),
    async create(spec, by) {
      const nowMs = state.nowMs();
      const meta = { owner: 'user', version: 1, createdAtMs: nowMs, updatedAtMs: nowMs } as const;
      const stored: StoredJob = { spec, baseDir: null, ...(by === undefined ? {} : { savedBy: by }), ...meta };
      await writer.write(({ db }) => {
        if (hasJob(db, spec.slug) && !isDamaged(state, 'job', spec.slug)) throw taken('job', spec.slug);
        putJob(db, stored);
      });
      state.reload(['jobs', 'listeners']);
      return stored;
    },
    async update(spec, version, by) {
      assertReadable(state, 'job', spec.slug);
      const stored = await writer.write(({ db }) => {
        const before = readJob(db, spec.slug);
        if (before === null) throw notFound('job', spec.slug);
        assertEditable('job', spec.slug, before, state.configFile, version);
        if (isSameJson(before.spec, spec)) return before;
        if (spec.approval === 'required') assertAnswersNobody(spec.slug);
        const after: StoredJob = {
          ...before,
          spec,
          savedBy: by ?? null,
          owner: 'user',
          version: before.version + 1,
          updatedAtMs: state.nowMs(),
        };
        putJob(db, after);
        return after;
      });
      state.reload(['jobs']);
      return stored;
    },
    async remove(slug) {
      await writer.write((tx) => {
        const { db } = tx;
        const before = state.jobs.get(slug);
        if (before !== undefined) assertEditable('job', slug, before, state.configFile);
        const users = listenersNaming(db, 'job', slug);
        if (users.length > 0) throw usedByListeners(`Job "${slug}"`, users);
        if (!deleteJob(db, slug)) throw notFound('job', slug);
        if (before !== undefined) jobDeleted?.(tx, before);
      });
      state.reload(['jobs']);
    },
    problem: (job) =>
      jobFileProblem(job, dataDir, jobEnvironment) ?? secretProblem(jobSecrets(job.spec), secretStore.read),
  };
}
