import type { HttpJobSpec } from '../../../shared/contract/jobs.ts';
import type { ClaimGate } from '../../jobs/attempt/claim-gate.ts';
import type { JobCatalog } from '../../jobs/attempt/job-catalog.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { RateLimit } from './rate-limit.ts';

export interface SendGate extends ClaimGate {
  /** How a request to this host went. `isHostFailing`: it was not reached, or is overloaded or broken. */
  answered(spec: HttpJobSpec, how: { isHostFailing: boolean; askedMs: number | null }): void;
  /** Whether requests to this host are held back, and until when. */
  circuit(spec: HttpJobSpec): { isOpen: boolean; waitMs: number };
  /** Looks anew: it was resumed, activated, or its host may be back. */
  reopen(job: string): void;
  stop(): void;
}

export interface SendGateDeps {
  catalog: Pick<JobCatalog, 'get' | 'slugs'>;
  /** Neither paused nor waiting for verification nor switched off. */
  canSend(spec: HttpJobSpec): boolean;
  nowMs?: () => number;
}

/** Timers fire early by a fraction of a millisecond. */
const slackMs = 2;
/** While one request finds out whether a host is back, the others look again this often. */
const pollMs = 100;

const hosts = new WeakMap<HttpJobSpec, string>();

/** Read from the address once for a definition: it is asked for with each claim and each answer. */
function hostName(spec: HttpJobSpec): string {
  let host = hosts.get(spec);
  if (host === undefined) {
    host = new URL(spec.url).host;
    hosts.set(spec, host);
  }
  return host;
}

/** What holds back requests: a job's rate, its pause, and the circuit of its host. */
export function createSendGate({ catalog, canSend, nowMs = () => performance.now() }: SendGateDeps): SendGate {
  const breakers = new Map<string, CircuitBreaker>();
  /** Requests of each job that are under way. */
  const running = new Map<string, number>();
  const rates = new Map<string, RateLimit>();
  const timers = new Map<string, NodeJS.Timeout>();
  const listeners: ((job: string) => void)[] = [];

  const open = (job: string): void => {
    for (const listener of listeners) listener(job);
  };

  function openLater(job: string, waitMs: number): void {
    if (timers.has(job)) return;
    const timer = setTimeout(() => {
      timers.delete(job);
      open(job);
    }, waitMs + slackMs);
    timers.set(job, timer);
  }

  function breakerOf(spec: HttpJobSpec): CircuitBreaker {
    const host = hostName(spec);
    let breaker = breakers.get(host);
    if (breaker === undefined) {
      breaker = new CircuitBreaker();
      breakers.set(host, breaker);
    }
    return breaker;
  }

  function rateOf({ slug, rate }: HttpJobSpec): RateLimit | null {
    if (rate === undefined) {
      rates.delete(slug);
      return null;
    }
    let limit = rates.get(slug);
    if (limit?.perSecond !== rate.perSecond) {
      limit = new RateLimit(rate.perSecond, nowMs());
      rates.set(slug, limit);
    }
    return limit;
  }

  const specOf = (job: string): HttpJobSpec | null => {
    const spec = catalog.get(job)?.spec;
    return spec?.kind === 'http' ? spec : null;
  };

  /** Jobs that send to the same host wait for the same circuit. */
  const jobsOf = (host: string): string[] =>
    catalog.slugs().filter((slug) => {
      const spec = specOf(slug);
      return spec !== null && hostName(spec) === host;
    });

  const runningTo = (host: string): number => jobsOf(host).reduce((sum, slug) => sum + (running.get(slug) ?? 0), 0);

  return {
    slots(job) {
      const spec = specOf(job);
      if (spec === null) return Number.POSITIVE_INFINITY;
      if (!canSend(spec)) return 0;
      const now = nowMs();
      const breaker = breakerOf(spec);
      const ofHost = breaker.slots(now, breaker.isOpen ? runningTo(hostName(spec)) : 0);
      if (ofHost === 0) {
        openLater(job, Math.max(breaker.waitMs(now), pollMs));
        return 0;
      }
      const rate = rateOf(spec);
      const ofRate = rate?.slots(now) ?? Number.POSITIVE_INFINITY;
      if (rate !== null && ofRate === 0) openLater(job, rate.waitMs());
      return Math.min(ofHost, ofRate);
    },
    taken(job, count) {
      const spec = specOf(job);
      if (spec === null) return;
      running.set(job, (running.get(job) ?? 0) + count);
      rateOf(spec)?.take(count);
    },
    released(job, count) {
      const left = (running.get(job) ?? 0) - count;
      if (left > 0) running.set(job, left);
      else running.delete(job);
    },
    onOpen: (listener) => listeners.push(listener),
    answered(spec, { isHostFailing, askedMs }) {
      const breaker = breakerOf(spec);
      const wasOpen = breaker.isOpen;
      if (isHostFailing) breaker.failed(nowMs(), askedMs);
      else breaker.succeeded();
      if (wasOpen && !breaker.isOpen) for (const job of jobsOf(hostName(spec))) open(job);
    },
    circuit(spec) {
      const breaker = breakerOf(spec);
      const waitMs = breaker.waitMs(nowMs());
      return { isOpen: breaker.isOpen || waitMs > 0, waitMs };
    },
    reopen(job) {
      const spec = specOf(job);
      if (spec !== null) breakerOf(spec).retryNow();
      open(job);
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
