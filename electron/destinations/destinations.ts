import type { Logger } from 'pino';
import type { HttpJobSpec } from '../../shared/contract/jobs.ts';
import { errorText } from '../../shared/error-text.ts';
import type { JobCatalog } from '../jobs/attempt/job-catalog.ts';
import type { RequestAttempts } from '../jobs/attempt/request-attempts.ts';
import type { RunLifecycle } from '../runs/lifecycle.ts';
import { missingJob } from '../runs/missing-job.ts';
import type { OwnEvents } from '../runs/run-announcer.ts';
import { findRunBySeq } from '../store/runs/find-run.ts';
import { lastRunSeq, runsToRecover } from '../store/runs/sent-requests.ts';
import type { Commands } from '../store/write/commands.ts';
import type { Transaction, Writer } from '../store/write/writer.ts';
import { createSendGate, type SendGate } from './gate/send-gate.ts';
import type { DestinationDeps } from './send/destination.ts';
import { createRequestAttempts } from './send/request-attempts.ts';
import { verifyDestination } from './send/verify-destination.ts';
import { AutoVerify } from './state/auto-verify.ts';
import { createDestinationStates, type DestinationStanding } from './state/destination-states.ts';

export interface DestinationsDeps extends DestinationDeps {
  writer: Writer;
  /** Present in a cluster. */
  shared?: { commands: Commands } | undefined;
  catalog: JobCatalog;
  lifecycle: Pick<RunLifecycle, 'retry' | 'queueNow'>;
  events: Pick<OwnEvents, 'record'>;
  log: Logger;
  /** The state of one has changed. */
  onDestinationChanged: (job: string) => void;
}

/** Where the events of jobs of the kind `http` go: their requests, what holds them back, and their life. */
export interface Destinations {
  requests: RequestAttempts;
  gate: SendGate;
  slugs(): string[];
  /** Throws AppError `not_found` for a job that is none. */
  spec(job: string): HttpJobSpec;
  standing(job: string): DestinationStanding;
  /** Jobs were defined anew: those that wait for their verification get it. */
  refresh(): void;
  setPaused(job: string, isPaused: boolean): Promise<void>;
  /** Resolves with what went wrong; null: it is active. */
  verify(job: string): Promise<string | null>;
  /** Resolves with how many runs are sent again. */
  recover(job: string, sinceMs: number): Promise<number>;
  remove(tx: Transaction, job: string): void;
  stop(): void;
}

/** Looked at in one transaction. */
const recoverPage = 2000;

export function createDestinations(deps: DestinationsDeps): Destinations {
  const { db, writer, catalog, lifecycle, log, onDestinationChanged } = deps;

  const find = (job: string): HttpJobSpec | null => {
    const spec = catalog.get(job)?.spec;
    return spec?.kind === 'http' ? spec : null;
  };
  function mustFind(job: string): HttpJobSpec {
    const spec = find(job);
    if (spec !== null) return spec;
    throw missingJob(catalog, job, `There is no job "${job}" of the kind http.`);
  }
  const slugs = (): string[] => catalog.slugs().filter((slug) => find(slug) !== null);

  const states = createDestinationStates({
    ...deps,
    onChanged(job, isActive) {
      if (isActive) gate.reopen(job);
      onDestinationChanged(job);
    },
  });
  const gate = createSendGate({ catalog, canSend: states.canSend });
  const requests = createRequestAttempts({
    ...deps,
    onAnswered(spec, { kind, isHostFailing, askedMs }) {
      gate.answered(spec, { isHostFailing, askedMs });
      // The job may have been removed meanwhile, or have another address: this says nothing about that one.
      if (find(spec.slug)?.url === spec.url) states.note(spec, kind);
    },
  });

  async function verify(job: string): Promise<string | null> {
    const spec = mustFind(job);
    const problem = await verifyDestination(spec, deps);
    if (problem === null) await states.activate(spec, 'It answered its verification.');
    return problem;
  }

  const autoVerify = new AutoVerify(async (job) => {
    const spec = find(job);
    if (spec === null || states.standing(spec).state !== 'pending_verification') return true;
    try {
      const problem = await verify(job);
      if (problem !== null) log.info({ job, problem }, 'a destination is not verified yet');
      return problem === null;
    } catch (error) {
      log.warn({ job, problem: errorText(error) }, 'a destination could not be verified');
      return false;
    }
  });

  return {
    requests,
    gate,
    slugs,
    spec: mustFind,
    standing: (job) => states.standing(mustFind(job)),
    refresh() {
      autoVerify.watch(slugs().filter((slug) => states.standing(mustFind(slug)).state === 'pending_verification'));
    },
    setPaused: async (job, isPaused) => {
      await states.setPaused(mustFind(job), isPaused);
      if (!isPaused) gate.reopen(job);
    },
    verify,
    async recover(job, sinceMs) {
      const spec = mustFind(job);
      const { isPaused } = states.standing(spec);
      await states.activate(spec, 'An operator recovered it.');
      if (isPaused) await states.setPaused(spec, false);
      let count = 0;
      // What is sent again now and fails is not sent a third time.
      const until = lastRunSeq(db);
      for (let after: number | null = 0; after !== null; ) {
        const page = runsToRecover(db, job, { sinceMs, after, until, limit: recoverPage });
        count += await writer.write((tx) => page.runs.filter(({ seq }) => sendAgain(tx, seq)).length);
        after = page.next;
      }
      gate.reopen(job);
      return count;
    },
    remove: states.remove,
    stop() {
      autoVerify.stop();
      gate.stop();
      requests.stop();
    },
  };

  function sendAgain(tx: Transaction, seq: number): boolean {
    const row = findRunBySeq(tx.db, seq);
    const job = row === null ? null : catalog.get(row.job);
    if (row === null || job === null) return false;
    return (row.state === 'scheduled' ? lifecycle.queueNow(tx, row) : lifecycle.retry(tx, row, job)) !== null;
  }
}
