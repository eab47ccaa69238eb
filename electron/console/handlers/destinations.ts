import type { SecretRef } from '../../../shared/contract/common.ts';
import type { Destination } from '../../../shared/contract/destinations.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { type Sign, signsOf, takesSeveralSecrets } from '../../../shared/contract/http-jobs.ts';
import type { Caller, Handlers } from '../../../shared/contract/index.ts';
import type { HttpJobSpec } from '../../../shared/contract/jobs.ts';
import type { Definitions } from '../../definitions/definition-types.ts';
import type { Destinations } from '../../destinations/destinations.ts';
import { newWebhookSecret } from '../../destinations/sign/standard-webhooks.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { isoTime, isoTimeOrNull } from '../../store/database/times.ts';
import type { Saver } from '../../store/definitions/jobs.ts';
import { countScheduledRuns, latestSent } from '../../store/runs/sent-requests.ts';
import type { JobPorts } from './ports.ts';

export interface DestinationHandlerDeps {
  db: ReadableDb;
  definitions: Pick<Definitions, 'jobs' | 'secrets'>;
  destinations: Destinations;
  ports: Pick<JobPorts, 'jobActivity'>;
  /** Who a change is saved by. */
  saverOf: (caller: Caller) => Saver;
  nowMs: () => number;
}

export type DestinationHandlers = Pick<Handlers, Extract<keyof Handlers, `destinations.${string}`>>;

/** Requests of the latency chart, and of a row in the list. */
const shownRequests = 60;
const listedRequests = 20;

export function createDestinationHandlers(deps: DestinationHandlerDeps): DestinationHandlers {
  const { db, definitions, destinations, ports, saverOf, nowMs } = deps;

  function show(job: string, requests: number): Destination {
    const spec = destinations.spec(job);
    const { state, reason, changedAtMs, isPaused, failingSinceMs } = destinations.standing(job);
    const { waiting, running } = ports.jobActivity(job);
    const { isOpen, waitMs } = destinations.gate.circuit(spec);
    return {
      job,
      name: spec.name ?? job,
      url: spec.url,
      state,
      reason,
      changedAt: reason === null ? null : isoTime(changedAtMs),
      isPaused,
      failingSince: isoTimeOrNull(failingSinceMs),
      heldUntil: isOpen ? isoTime(nowMs() + waitMs) : null,
      backlog: { waiting, running, scheduled: countScheduledRuns(db, job) },
      sent: latestSent(db, job, requests).map(({ id, finished_at, status, total_ms, error }) => ({
        runId: id,
        at: isoTime(finished_at),
        status,
        totalMs: total_ms,
        error,
      })),
    };
  }

  return {
    'destinations.list': () => ({ items: destinations.slugs().map((job) => show(job, listedRequests)) }),
    'destinations.get': ({ job }) => show(job, shownRequests),
    'destinations.pause': async ({ job }) => {
      await destinations.setPaused(job, true);
      return show(job, shownRequests);
    },
    'destinations.resume': async ({ job }) => {
      await destinations.setPaused(job, false);
      return show(job, shownRequests);
    },
    'destinations.verify': async ({ job }) => {
      const problem = await destinations.verify(job);
      return { destination: show(job, shownRequests), isVerified: problem === null, problem };
    },
    'destinations.recover': async ({ job, since }) => {
      const retried = await destinations.recover(job, Date.parse(since));
      return { destination: show(job, shownRequests), retried };
    },
    'destinations.rotateSecret': async ({ job }, caller) => {
      const { spec, version } = definitions.jobs.get(job);
      if (spec.kind !== 'http') throw new AppError('not_found', `The job "${job}" sends no requests.`);
      const name = freeName(job, definitions.secrets.list());
      const value = newWebhookSecret();
      const sign = rotated(spec, { secret: name });
      // The secret is there before the job names it; one that no job names does no harm.
      await definitions.secrets.set(name, value);
      await definitions.jobs.update({ ...spec, sign }, version, saverOf(caller));
      return { name, value };
    },
  };
}

function freeName(job: string, known: readonly { name: string }[]): string {
  const names = new Set(known.map(({ name }) => name));
  for (let n = 1; ; n++) {
    const name = `${job.slice(0, 60)}-signing-${n}`;
    if (!names.has(name)) return name;
  }
}

/** Puts the new secret first, keeps the current one as the second, and drops older ones. Throws AppError when no scheme takes two. */
function rotated({ slug, sign }: HttpJobSpec, ref: SecretRef): HttpJobSpec['sign'] {
  const change = (one: Sign): Sign =>
    takesSeveralSecrets(one) ? { ...one, secrets: [ref, ...one.secrets.slice(0, 1)] } : one;
  const signs = signsOf(sign);
  if (!signs.some(takesSeveralSecrets)) {
    throw new AppError(
      'wrong_state',
      `The job "${slug}" signs neither as Standard Webhooks nor as Stripe, which are the schemes that take two secrets at a time.`,
    );
  }
  return sign !== undefined && 'scheme' in sign ? change(sign) : signs.map(change);
}
