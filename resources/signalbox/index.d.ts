// biome-ignore-all lint/suspicious/noExplicitAny: a script that does not say what its payload is may still read it

/** Any JSON value; a `bigint` is a whole number that a JavaScript number cannot hold. */
export type Json = string | number | bigint | boolean | null | Json[] | { [key: string]: Json };

/**
 * An event as Signalbox has stored it. `Payload` and `Context` are what you say they are: nothing checks them. Whole numbers
 * that a JavaScript number cannot hold are `bigint`, other such numbers text.
 */
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
  /** All events of the run, oldest first, where its listener gathers them; this one is the newest of them. */
  batch?: Event<Payload, Context>[];
}

/** A part of a run's plan. */
export interface Part {
  start(): void;
  /** `percent` from 0 to 100. */
  progress(percent: number | null): void;
  done(): void;
  fail(): void;
}

/** Either it is an event now, or it becomes one at `dueAt`. */
export interface Raised {
  type: string;
  eventId: string | null;
  scheduledId: string | null;
  dueAt: string | null;
}

export interface Question {
  /** Your own word for it, such as `mfa`. */
  type?: string;
  message: string;
  /** Without any, the question is a yes or no, answered as `confirmed`. */
  fields?: {
    name: string;
    /** `text` when absent. What is `secret` reaches this job and is stored nowhere. */
    type?: 'text' | 'multiline' | 'secret' | 'number' | 'boolean' | 'choice';
    label?: string;
    /** For a `choice`. */
    options?: (string | { value: string; label?: string })[];
    /** True when absent. */
    required?: boolean;
  }[];
  /** Milliseconds, or text such as `5m`; 15 minutes when absent, at most a day. */
  timeout?: number | string;
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
  /** Folder for files that stay with the run and can be downloaded, at most 64 MiB; made when first asked for. */
  readonly filesDir: string;
  /** Says what parts the run has, in order; shown as steps. Without `progress` of the job's own they make the progress. */
  plan(names: string[]): void;
  /** One part of the plan; a part that was not planned joins at its end. */
  part(name: string): Part;
  /** Runs `work` as this part: it starts with it, and is done or has failed as it does. Gives back what `work` returns. */
  part<T>(name: string, work: (part: Part) => T | Promise<T>): Promise<T>;
  /**
   * Raises an event: `customer_sync` becomes one of type `CUSTOM_CUSTOMER_SYNC`, now or up to 30 days ahead. Resolves when
   * it is stored; rejects when it cannot be.
   */
  raise(
    type: string,
    message?: Json,
    options?: { metadata?: { [key: string]: Json }; inSeconds?: number; scheduleFor?: string },
  ): Promise<Raised>;
  /**
   * Asks an operator and waits, without the job's time limit running on. Resolves with the values by the names of the
   * fields; rejects when nobody answers in time or the run is canceled.
   */
  ask<Answer = { [name: string]: any }>(question: Question): Promise<Answer>;
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
