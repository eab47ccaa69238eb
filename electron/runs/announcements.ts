import { EventEmitter } from 'node:events';
import type { Failure } from '../../shared/contract/failures.ts';
import type { OutputLine, Progress, Run, RunState, Step } from '../../shared/contract/runs.ts';
import type { RunEnd } from './run-end.ts';

/** A refused delivery, kept or not. */
export interface Refusal {
  source: string | null;
  status: number;
  code: string;
  message: string;
  atMs: number;
}

/**
 * Events between the parts of the app, by name and arguments. Those that say something is stored are emitted only from
 * `Transaction.afterCommit`: all but `run.queuing`.
 */
export interface Announcements {
  'delivery.accepted': [source: string, isDuplicate: boolean, receivedAtMs: number];
  'delivery.refused': [refusal: Refusal];
  /** Accepted or refused. */
  'delivery.stored': [seq: number];
  'events.stored': [seqs: readonly number[]];
  /** An event that is to come. */
  'event.scheduled': [dueAtMs: number];
  /** Events are gathered until then, unless there are enough before. */
  'batch.opened': [dueAtMs: number];
  /** A run was planned for it. */
  'listener.matched': [listener: string, atMs: number];
  /** Emitted within the transaction that queues a run, which may still fail: what is written now can be part of it. */
  'run.queuing': [job: string];
  /** A run has joined its job's queue. */
  'run.queued': [job: string];
  /** A run waits until then: for its next attempt, or until it has waited too long. */
  'run.waits': [untilMs: number];
  /** For callers that wait for a run: how an attempt ended, or that none will be made. */
  'attempt.ended': [seq: number, end: RunEnd];
  /** No attempt follows. */
  'run.ended': [job: string, state: RunState];
  /** For clients; only while one watches. */
  'runs.changed': [runs: readonly Run[]];
  'failures.changed': [failures: readonly Failure[]];
  'run.progressed': [id: string, progress: Progress, steps: Step[] | null];
  'run.wrote': [id: string, attempt: number, lines: OutputLine[]];
}

export type Bus = EventEmitter<Announcements>;

export const createBus = (): Bus => new EventEmitter<Announcements>();
