import type { Run } from '../../shared/contract/runs.ts';
import type { Planned } from '../intake/intake-types.ts';
import type { RunEnd } from '../intake/run-end.ts';
import type { WritableDb } from '../store/open.ts';
import { returnToPending } from '../store/run-approvals.ts';
import {
  type ClaimRow,
  claimRun,
  countInterruptions,
  finishRun,
  pickQueued,
  pickQueuedRun,
  requeueInterrupted,
  scheduleRetry,
} from '../store/run-claims.ts';
import { countWaiting } from '../store/runs.ts';
import { type ActiveRun, belongsInInbox, claimedRun, describeRun, type Finish } from './active-run.ts';
import { type Allotment, ClaimOrder } from './claim-order.ts';
import { outcomeEventType, runEvent } from './run-events.ts';
import { type Said, writeSaid } from './run-ticker.ts';
import type { JobRunnerDeps } from './runner-types.ts';

/** A run that was cut short so often is taken to be what ends the app. */
export const maxInterruptions = 5;
const writeRetryMs = 1000;
/** Runs of a job that was removed may be claimed so many at a time: only to be failed. */
const removedJobSlots = 16;

export interface ClaimLoopHooks {
  nowMs: () => number;
  /** The claim is on disk. */
  onClaimed(runs: ActiveRun[]): void;
  /** A run has something to wait for until then. */
  onDueLater(atMs: number): void;
}

interface Ending extends Finish {
  said: Said | null;
}

interface Turn {
  finished: Ending[];
  claimed: { job: string; slots: number; rows: ClaimRow[]; startedAtMs: number }[];
  planned: Planned[];
}

const toRunEnd = ({ end, outcome, next }: Finish): RunEnd => ({
  state: end.state,
  reason: end.reason,
  error: end.error,
  outcome: outcome?.value ?? null,
  retryAtMs: next.kind === 'retry' ? next.dueAtMs : null,
});

/**
 * Claims queued runs and writes down how they end: one transaction a turn for all that ended and all that take their
 * place. What ends while a turn is being written shares the next one, so the busier it gets the larger the turns.
 */
export class ClaimLoop {
  readonly #deps: JobRunnerDeps;
  readonly #hooks: ClaimLoopHooks;
  readonly #active = new Map<number, ActiveRun>();
  readonly #running = new Map<string, number>();
  readonly #order = new ClaimOrder();
  /** Runs that somebody waits for, queued or running. */
  readonly #awaited = new Map<number, { job: string; tell: (end: RunEnd) => void }>();
  /** Runs that wait for a person, who may take all day: they hold no slot of those that all jobs share. */
  readonly #resting = new Set<number>();
  #ended: Ending[] = [];
  #isWriting = false;
  #isClaiming = false;
  /** Jobs woken while a turn is being written, whose emptiness it can therefore not judge. */
  readonly #woken = new Set<string>();
  #retryTimer: NodeJS.Timeout | null = null;

  constructor(deps: JobRunnerDeps, hooks: ClaimLoopHooks) {
    this.#deps = deps;
    this.#hooks = hooks;
  }

  /** Claiming may begin, or must end. */
  setClaiming(isClaiming: boolean): void {
    this.#isClaiming = isClaiming;
    this.#kick();
  }

  wake(jobs: Iterable<string>): void {
    for (const job of jobs) {
      this.#order.add(job, this.#freeOf(job) > 0);
      this.#woken.add(job);
    }
    this.#kick();
  }

  /** Claims this run before others of its job and its job before others; `tell` hears of each end of an attempt. */
  hurry(seq: number, job: string, tell: (end: RunEnd) => void): () => void {
    this.#awaited.set(seq, { job, tell });
    this.wake([job]);
    return () => this.#awaited.delete(seq);
  }

  /** For ends that are written elsewhere, such as the cancelation of a queued run. */
  tellEnd(seq: number, end: RunEnd): void {
    this.#awaited.get(seq)?.tell(end);
  }

  rest(seq: number, isResting: boolean): void {
    if (!isResting) this.#resting.delete(seq);
    else if (this.#active.has(seq)) {
      this.#resting.add(seq);
      this.#kick();
    }
  }

  /** The attempt is over and none of its processes is left. */
  finish(finish: Finish, said: Said | null): void {
    this.#resting.delete(finish.run.row.seq);
    this.#ended.push({ ...finish, said });
    this.#kick();
  }

  find(seq: number): ActiveRun | null {
    return this.#active.get(seq) ?? null;
  }

  active(): IterableIterator<ActiveRun> {
    return this.#active.values();
  }

  get activeCount(): number {
    return this.#active.size;
  }

  runningOf(job: string): number {
    return this.#running.get(job) ?? 0;
  }

  get isIdle(): boolean {
    return this.#active.size === 0 && !this.#isWriting && !this.#order.hasReady;
  }

  #freeOf(job: string): number {
    return (this.#deps.catalog.get(job)?.concurrency ?? removedJobSlots) - this.runningOf(job);
  }

  #kick(): void {
    if (this.#isWriting || this.#retryTimer !== null) return;
    const isFree = this.#active.size - this.#resting.size - this.#ended.length < this.#deps.settings().concurrency;
    if (this.#ended.length === 0 && !(this.#isClaiming && this.#order.hasReady && isFree)) return;
    this.#isWriting = true;
    this.#woken.clear();
    let ended: Ending[] | null = null;
    const written = this.#deps.writer.write((db) => {
      // Taken here and not before: the transaction starts when all messages of this turn of the event loop are read.
      if (ended === null) {
        ended = this.#ended;
        this.#ended = [];
      }
      return this.#write(db, ended);
    });
    written.then(
      (turn) => this.#settle(turn),
      (error: unknown) => {
        // A full or broken disk: nothing of the turn happened, and all of it is tried again.
        this.#deps.log.error({ err: error }, 'the ends of runs could not be stored; trying again');
        this.#ended = [...(ended ?? []), ...this.#ended];
        this.#isWriting = false;
        this.recount();
        this.#retryTimer = setTimeout(() => {
          this.#retryTimer = null;
          this.#kick();
        }, writeRetryMs);
      },
    );
  }

  /** Sets the counters of waiting runs to what the database says, and wakes the jobs that have any. */
  recount(): void {
    const { catalog, db } = this.#deps;
    const counted = new Map(countWaiting(db).map((row) => [row.job, row.waiting]));
    for (const slug of catalog.slugs()) if (!counted.has(slug)) catalog.setWaiting(slug, 0);
    for (const [job, waiting] of counted) catalog.setWaiting(job, waiting);
    this.wake(counted.keys());
  }

  #write(db: WritableDb, ended: readonly Ending[]): Turn {
    const turn: Turn = { finished: [], claimed: [], planned: [] };
    for (const ending of ended) {
      turn.finished.push(this.#writeEnd(db, ending, turn.planned));
    }
    if (!this.#isClaiming) return turn;
    const freed = new Map<string, number>();
    for (const { run } of ended) freed.set(run.row.job, (freed.get(run.row.job) ?? 0) + 1);
    for (const job of freed.keys()) this.#order.slotFreed(job);
    const busy = this.#active.size - this.#resting.size - ended.length;
    // Runs that were answered may be more than the limit allows, as may those from before it was lowered.
    const free = Math.max(0, this.#deps.settings().concurrency - busy);
    const allotments = this.#order.allot(free, (job) => this.#freeOf(job) + (freed.get(job) ?? 0), this.#hurried());
    for (const allotment of allotments) turn.claimed.push(this.#claim(db, allotment, turn.planned));
    return turn;
  }

  #hurried(): ReadonlyMap<string, number> {
    const wanted = new Map<string, number>();
    for (const [seq, { job }] of this.#awaited) {
      if (!this.#active.has(seq)) wanted.set(job, (wanted.get(job) ?? 0) + 1);
    }
    return wanted;
  }

  #pick(db: WritableDb, job: string, slots: number, nowMs: number): ClaimRow[] {
    const rows: ClaimRow[] = [];
    for (const [seq, awaited] of this.#awaited) {
      if (rows.length === slots) return rows;
      if (awaited.job !== job || this.#active.has(seq)) continue;
      const row = pickQueuedRun(db, seq);
      if (row !== null) rows.push(row);
    }
    if (rows.length === 0) return pickQueued(db, job, slots, nowMs);
    const picked = new Set(rows.map(({ seq }) => seq));
    const others = pickQueued(db, job, slots, nowMs).filter(({ seq }) => !picked.has(seq));
    return [...rows, ...others.slice(0, slots - rows.length)];
  }

  #claim(db: WritableDb, { job, slots }: Allotment, planned: Planned[]) {
    const { intake, catalog } = this.#deps;
    const nowMs = this.#hooks.nowMs();
    const rows = this.#pick(db, job, slots, nowMs);
    for (const row of rows) claimRun(db, row.seq, nowMs);
    if (rows.length < slots) catalog.setWaiting(job, 0);
    else catalog.addWaiting(job, -rows.length);
    if (rows.length > 0 && intake.hasListenerFor('job:ready')) {
      for (const row of rows) {
        const run = describeRun(claimedRun(row, null, nowMs));
        planned.push(intake.recordRunEvent(db, runEvent('job:ready', run, row.depth)));
      }
    }
    return { job, slots, rows, startedAtMs: nowMs };
  }

  #writeEnd(db: WritableDb, ending: Ending, planned: Planned[]): Ending {
    const { intake } = this.#deps;
    const { run, end, said } = ending;
    const { seq, acknowledge, depth } = run.row;
    if (said !== null) writeSaid(db, said);
    let actual = ending;
    if (ending.next.kind === 'requeue') {
      if (countInterruptions(db, seq) < maxInterruptions) {
        requeueInterrupted(db, seq, end.error ?? '', end.finishedAtMs);
        return ending;
      }
      actual = { ...ending, next: { kind: 'final' } };
    }
    if (actual.next.kind === 'pending') {
      const isWritten = returnToPending(db, seq, run.attempt, actual.next);
      if (isWritten && intake.hasListenerFor('job:pending')) {
        planned.push(intake.recordRunEvent(db, runEvent('job:pending', describeRun(run, actual), depth)));
      }
      return actual;
    }
    if (actual.next.kind === 'retry') {
      const isWritten = scheduleRetry(db, seq, run.attempt, end, actual.next.dueAtMs);
      if (isWritten && intake.hasListenerFor('job:updated')) {
        planned.push(intake.recordRunEvent(db, runEvent('job:updated', describeRun(run, actual), depth)));
      }
      return actual;
    }
    if (finishRun(db, seq, run.attempt, end, belongsInInbox(end.state, acknowledge))) {
      const type = outcomeEventType(end.state);
      planned.push(intake.recordRunEvent(db, runEvent(type, describeRun(run, actual), depth)));
    }
    return actual;
  }

  #settle({ finished, claimed, planned }: Turn): void {
    const { catalog, intake, hasListeners, onRunsChanged, onRunEnded } = this.#deps;
    for (const { run } of finished) {
      const { job, seq } = run.row;
      this.#active.delete(seq);
      const left = this.runningOf(job) - 1;
      if (left > 0) this.#running.set(job, left);
      else this.#running.delete(job);
    }
    const started: ActiveRun[] = [];
    for (const { job, rows, startedAtMs } of claimed) {
      for (const row of rows) {
        const run = claimedRun(row, catalog.get(job), startedAtMs);
        this.#active.set(row.seq, run);
        started.push(run);
      }
      if (rows.length > 0) this.#running.set(job, this.runningOf(job) + rows.length);
    }
    for (const { job, slots, rows } of claimed) {
      if (rows.length < slots && !this.#woken.has(job)) this.#order.remove(job);
      else this.#order.turnTaken(job, this.#freeOf(job) > 0);
    }
    for (const { run } of finished) this.#order.slotFreed(run.row.job);
    this.#isWriting = false;
    for (const ending of finished) this.#awaited.get(ending.run.row.seq)?.tell(toRunEnd(ending));
    for (const { run, end, next } of finished) if (next.kind === 'final') onRunEnded?.(run.row.job, end.state);
    if (hasListeners()) {
      const changed: Run[] = finished.map((ending) => describeRun(ending.run, ending));
      for (const run of started) changed.push(describeRun(run));
      if (changed.length > 0) onRunsChanged(changed);
    }
    for (const ending of finished) {
      if (ending.next.kind === 'retry') this.#hooks.onDueLater(ending.next.dueAtMs);
      if (ending.next.kind === 'pending') this.#hooks.onDueLater(ending.next.expiresAtMs);
      if (ending.next.kind === 'requeue') catalog.addWaiting(ending.run.row.job, 1);
    }
    this.#hooks.onClaimed(started);
    for (const one of planned) intake.announce(one);
    this.#kick();
  }
}
