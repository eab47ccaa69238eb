// biome-ignore-all lint/suspicious/noExplicitAny: a script that does not say what its payload is may still read it

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** An event as Signalbox has stored it. `Payload` and `Context` are what you say they are: nothing checks them. */
export interface Event<Payload = any, Context = any> {
  /** Begins with `evt_`; ids sort by time. */
  id: string;
  /** Slug of the source it came in by. */
  source: string;
  /** Kind of system that sent it, such as `generic`. */
  system: string;
  type: string;
  /** The sender's own id. */
  externalId: string | null;
  /** ISO 8601; when the sender says it happened. */
  occurredAt: string | null;
  /** ISO 8601; when it was received. */
  receivedAt: string;
  context: Context;
  payload: Payload;
  verification: {
    /** `verified`: the sender proved itself. `none`: its source asks for no proof. `internal`: raised by Signalbox. */
    state: 'verified' | 'none' | 'internal';
    scheme: string | null;
    detail: string | null;
  };
  /** The event this one is a replay of. */
  replayOf: string | null;
  /** The run that raised it, and how many jobs deep the chain is. */
  causedBy: { runId: string; depth: number } | null;
  /** Headers of the request, names in lower case; only of events that came by HTTP. Credentials are left out. */
  headers?: Record<string, string>;
}

/** The execution of a job for one event. */
export interface Run<Payload = any, Context = any> {
  /** Begins with `run_`. The same for every attempt, so it serves as an idempotency key. */
  id: string;
  /** Counts from 1. */
  attempt: number;
  event: Event<Payload, Context>;
  /** Aborted when the run is canceled, takes too long or Signalbox stops. Whoever goes on is killed 10 seconds later. */
  signal: AbortSignal;
  /** Shows how far it is. `percent` from 0 to 100; null when unknown. May be called as often as you like. */
  progress(percent: number | null, message?: string): void;
  /** A line of output; `console.log` does the same. */
  log(...values: unknown[]): void;
  /** Kept with the run and shown on top of it, apart from the output. */
  notice(...values: unknown[]): void;
  warning(...values: unknown[]): void;
  /** Only says so; to fail the run, throw. */
  error(...values: unknown[]): void;
}

/**
 * A script's default export. What it returns is the run's outcome: anything JSON can hold, up to 256 KiB. Throwing fails
 * the run; so does returning `{ status: 'failed', message: '…' }`, which keeps the outcome as well.
 */
export type Job<Payload = any, Context = any> = (event: Event<Payload, Context>, run: Run<Payload, Context>) => unknown;

/**
 * Gives the types of `event` and `run` to a job written in place:
 *
 *     export default defineJob<{ amount: number }>(async (event, run) => { … });
 */
export function defineJob<Payload = any, Context = any>(job: Job<Payload, Context>): Job<Payload, Context>;
