import { AppError } from '../../../shared/contract/errors.ts';
import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import type { Job } from '../../../shared/contract/jobs.ts';
import type { Definitions } from '../../definitions/definition-types.ts';
import type { JobEnvironment } from '../../jobs/programs/job-environment.ts';
import { isoTime, isoTimeOrNull } from '../../store/database/times.ts';
import type { Saver, StoredJob } from '../../store/definitions/jobs.ts';
import type { JobPorts } from './ports.ts';

export interface JobHandlerDeps {
  environment: Pick<JobEnvironment, 'show'>;
  definitions: Pick<Definitions, 'jobs'>;
  ports: JobPorts;
  saverOf(caller: Caller): Saver;
}

export type JobHandlers = Pick<Handlers, Extract<keyof Handlers, `jobs.${string}`>>;

export function createJobHandlers({ definitions: { jobs }, environment, ports, saverOf }: JobHandlerDeps): JobHandlers {
  const show = (stored: StoredJob): Job => {
    const { spec, owner, version } = stored;
    const { lastRunAtMs, waiting, running, failed } = ports.jobActivity(spec.slug);
    return {
      ...spec,
      name: spec.name ?? spec.slug,
      owner,
      version,
      createdAt: isoTime(stored.createdAtMs),
      updatedAt: isoTime(stored.updatedAtMs),
      problem: jobs.problem(stored),
      counts: { waiting, running, failed },
      lastRunAt: isoTimeOrNull(lastRunAtMs),
      savedBy: stored.savedBy?.name ?? null,
    };
  };

  return {
    'jobs.list': () => ({ items: jobs.list().map(show) }),
    'jobs.get': ({ slug }) => show(jobs.get(slug)),
    'jobs.create': async (spec, caller) => show(await jobs.create(spec, saverOf(caller))),
    'jobs.update': async ({ version, ...spec }, caller) => show(await jobs.update(spec, version, saverOf(caller))),
    'jobs.remove': async ({ slug }) => {
      await jobs.remove(slug);
      return { done: true };
    },
    'jobs.environment': () => environment.show(),
    'jobs.testRun': ({ slug, eventId, event }) => {
      jobs.get(slug);
      if (eventId !== undefined && event === undefined) return ports.testRun({ slug, eventId });
      if (event !== undefined && eventId === undefined) {
        const { type, payload, context } = event;
        return ports.testRun({ slug, event: { type, payload, context: context ?? {} } });
      }
      throw new AppError('invalid_input', 'A test run takes either a stored event (eventId) or a custom one (event).');
    },
  };
}
