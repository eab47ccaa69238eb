import type { RunEnd } from '../../runs/run-end.ts';
import { findRunBySeq } from '../../store/runs/find-run.ts';
import { type ClaimRow, pickOrdered, pickQueued, pickQueuedRun } from '../../store/runs/run-claims.ts';
import { countWaiting } from '../../store/runs/run-counts.ts';
import type { Transaction } from '../../store/write/writer.ts';
import { type ActiveRun, claimedRun, type Finish } from '../run/active-run.ts';
import type { OutputFlush } from '../run/output-flush.ts';
import type { JobRunnerDeps } from '../run/runner-deps.ts';
import { ClaimOrder } from './claim-order.ts';
import type { SharedTurns, Wanted } from './shared-turns.ts';
import { type Ending, writeEnd } from './write-end.ts';

const writeRetryMs = 1000;
/**
 * So many runs that a sender waits for may run beyond the limit of all jobs: an answer to a sender does not wait for the
 * end of a long, unrelated run.
 */
export const awaitedReserve = 4;
/** Runs of a job that was removed may be claimed so many at a time: only to be failed. */
const removedJobSlots = 16;
/** Requests under way, of all jobs together: they wait for others' machines, not for this one's processors. */
const maxRequests = 1000;

export interface ClaimLoopDeps {
  nowMs: () => number;
  /** The claim is on disk. */
  onClaimed(runs: ActiveRun[]): void;
  /** The ends of a turn are on disk, and its runs are no longer active. */
  onSettled(): void;
}

type Lane = 'process' | 'request';
const lanes: readonly Lane[] = ['process', 'request'];

interface Claimed {
  job: string;
  /** Null: these were awaited, and say nothing of what else is queued. */
  slots: number | null;
  rows: ClaimRow[];
  startedAtMs: number;
}

interface Turn {
  ended: readonly Ending[];
  claimed: Claimed[];
}

interface Awaited {
  job: string;
  tell: (end: RunEnd) => void;
  /** As far as is known: false when it was looked for in the queue in vain, until its job is woken again. */
  isQueued: boolean;
}

/**
 * Claims queued runs and writes down how they end: one transaction a turn for all that ended and all that take their
 * place. What ends while a turn is being written shares the next one, so the busier it gets the larger the turns.
 */
export class ClaimLoop {
  readonly #deps: JobRunnerDeps;
  readonly #own: ClaimLoopDeps;
  readonly #turns: SharedTurns | null;
  readonly #active = new Map<number, ActiveRun>();
  readonly #running = new Map<string, number>();
  /** Jobs that start processes, which share a limit, and those that send requests: neither waits for the other. */
  readonly #orders = { process: new ClaimOrder(), request: new ClaimOrder() };
  /** Active runs that are requests. */
  readonly #requests = new Set<number>();
  /** Runs that a sender waits for, queued or running. */
  readonly #awaited = new Map<number, Awaited>();
  /** Runs that wait for a person, who may take all day. */
  readonly #paused = new Set<number>();
  #ended: Ending[] = [];
  /** What waits for the ends of runs that are being written. */
  readonly #endWaiters = new Map<ActiveRun, (() => void)[]>();
  #isWriting = false;
  #isClaiming = false;
  /** Jobs woken after the turn that is being written has looked at their queues. */
  readonly #woken = new Set<string>();
  #retryTimer: NodeJS.Timeout | null = null;

  /** `turns`: in a cluster. */
  constructor(deps: JobRunnerDeps, own: ClaimLoopDeps, turns: SharedTurns | null = null) {
    this.#deps = deps;
    this.#turns = turns;
    this.#own = own;
    // Also of ends that are written elsewhere, such as the cancelation of a queued run.
    deps.bus.on('attempt.ended', (seq, end) => this.#awaited.get(seq)?.tell(end));
    // Claimed in the transaction that queues the run, which saves a second transaction and its sync.
    if (turns === null) deps.bus.on('run.queuing', (job) => this.wake([job]));
    // What the log says is not in the store before its commit.
    else deps.bus.on('run.queued', (job) => this.wake([job]));
    // The next with the same key waits for this end, wherever it came about.
    deps.bus.on('run.ended', (job) => {
      if (this.#isOrdered(job)) this.wake([job]);
    });
    deps.gate.onOpen((job) => this.wake([job]));
  }

  /** Claiming may begin, or must end. */
  setClaiming(isClaiming: boolean): void {
    this.#isClaiming = isClaiming;
    this.#kick();
  }

  wake(jobs: Iterable<string>): void {
    for (const job of jobs) {
      const lane = this.#laneOf(job);
      this.#orders[lane].add(job, this.#freeOf(job) > 0);
      // A job may have become one of the other kind.
      this.#orders[lane === 'process' ? 'request' : 'process'].remove(job);
      this.#woken.add(job);
      for (const awaited of this.#awaited.values()) if (awaited.job === job) awaited.isQueued = true;
    }
    this.#kick();
  }

  /** Claims this run before all others, if need be beyond the global limit; `tell` is called at each end of an attempt. */
  prioritize(seq: number, job: string, tell: (end: RunEnd) => void): () => void {
    this.#awaited.set(seq, { job, tell, isQueued: true });
    this.wake([job]);
    return () => this.#awaited.delete(seq);
  }

  /** While it waits for a person a run holds none of the slots that all jobs share. */
  pauseForInput(seq: number, isPaused: boolean): void {
    if (!isPaused) this.#paused.delete(seq);
    else if (this.#active.has(seq)) {
      this.#paused.add(seq);
      this.#kick();
    }
  }

  /** The attempt is over and none of its processes is left. */
  finish(finish: Finish, flush: OutputFlush | null): void {
    this.#paused.delete(finish.run.row.seq);
    this.#ended.push({ ...finish, flush });
    this.#endWaiters.set(finish.run, []);
    this.#kick();
  }

  /** Resolves when the end of this run is on disk or cannot be stored for now; immediately while the run goes on. */
  untilEndWritten(run: ActiveRun): Promise<void> {
    const waiters = this.#endWaiters.get(run);
    return waiters === undefined ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve));
  }

  #releaseWaiters(ended: readonly Pick<Ending, 'run'>[]): void {
    for (const { run } of ended) for (const resolve of this.#endWaiters.get(run)?.splice(0) ?? []) resolve();
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

  #laneOf(job: string): Lane {
    return this.#deps.catalog.get(job)?.spec.kind === 'http' ? 'request' : 'process';
  }

  /** Below 0 when answered runs go on, awaited ones came on top, or the limit was lowered. */
  #freeSlots(ended: readonly Pick<Ending, 'run'>[]): Record<Lane, number> {
    const endedRequests = ended.filter(({ run }) => this.#requests.has(run.row.seq)).length;
    const processes = this.#active.size - this.#requests.size - this.#paused.size;
    return {
      process: this.#deps.settings().concurrency - (processes - (ended.length - endedRequests)),
      request: maxRequests - (this.#requests.size - endedRequests),
    };
  }

  #canClaim(): boolean {
    if (!this.#isClaiming) return false;
    const free = this.#freeSlots([]);
    if (lanes.some((lane) => free[lane] > 0 && this.#orders[lane].hasReady)) return true;
    if (free.process + awaitedReserve <= 0) return false;
    for (const [seq, awaited] of this.#awaited) if (this.#isClaimable(seq, awaited, 0)) return true;
    return false;
  }

  #isClaimable(seq: number, { job, isQueued }: Awaited, freed: number): boolean {
    return isQueued && !this.#active.has(seq) && this.#freeOf(job, freed) > 0;
  }

  /** `freed`: slots that the turn under way gives back (+) or takes (−). What is given back opens no gate. */
  #freeOf(job: string, freed = 0): number {
    const { catalog, gate } = this.#deps;
    if (catalog.isUnreadable(job)) return 0;
    const free = (catalog.get(job)?.concurrency ?? removedJobSlots) - this.runningOf(job) + freed;
    return free <= 0 ? free : Math.min(free, gate.slots(job) + Math.min(0, freed));
  }

  #isOrdered(job: string): boolean {
    return (this.#deps.catalog.get(job)?.orderBy ?? null) !== null;
  }

  #kick(): void {
    if (this.#isWriting || this.#retryTimer !== null) return;
    if (this.#ended.length === 0 && !this.#canClaim()) return;
    this.#isWriting = true;
    let ended: Ending[] | null = null;
    // Taken here and not before: the transaction starts when all messages of this turn of the event loop are read.
    const take = (): Ending[] => {
      if (ended === null) {
        ended = this.#ended;
        this.#ended = [];
      }
      return ended;
    };
    const { writer } = this.#deps;
    const turns = this.#turns;
    const written = turns === null ? writer.write((tx) => this.#write(tx, take())) : this.#writeShared(turns, take);
    written.then(
      (turn) => this.#settle(turn),
      (error: unknown) => {
        // A full or broken disk: nothing of the turn happened, and all of it is tried again.
        this.#deps.log.error({ err: error }, 'the ends of runs could not be stored; trying again');
        this.#ended = [...(ended ?? []), ...this.#ended];
        this.#isWriting = false;
        this.#releaseWaiters(this.#ended);
        this.recount().catch((problem: unknown) => {
          this.#deps.log.error({ err: problem }, 'waiting runs could not be counted; trying again');
        });
        this.#retryTimer = setTimeout(() => {
          this.#retryTimer = null;
          this.#kick();
        }, writeRetryMs);
      },
    );
  }

  /**
   * Sets the counters of waiting runs to what the database says, and wakes the jobs that have any. Not between a commit
   * and its announcement, which would count the same runs again.
   */
  async recount(): Promise<void> {
    const release = await this.#deps.writer.hold();
    try {
      this.#count();
    } finally {
      release();
    }
  }

  #count(): void {
    const { catalog, db } = this.#deps;
    const counted = new Map(countWaiting(db).map((row) => [row.job, row.waiting]));
    for (const slug of catalog.slugs()) if (!counted.has(slug)) catalog.setWaiting(slug, 0);
    for (const [job, waiting] of counted) catalog.setWaiting(job, waiting);
    this.wake(counted.keys());
  }

  #write(tx: Transaction, ended: readonly Ending[]): Turn {
    const { lifecycle, catalog } = this.#deps;
    const turn: Turn = { ended, claimed: [] };
    for (const ending of ended) writeEnd(tx, ending, lifecycle);
    if (!this.#isClaiming) return turn;
    const { freed, free } = this.#slotsAfter(ended);
    if (this.#awaited.size > 0) free.process -= this.#claimAwaited(tx, free.process + awaitedReserve, freed, turn);
    const freeOf = (job: string): number => this.#freeOf(job, freed.get(job));
    for (const { job, slots } of lanes.flatMap((lane) => this.#orders[lane].allot(Math.max(0, free[lane]), freeOf))) {
      const isOrdered = this.#isOrdered(job);
      const rows = (isOrdered ? pickOrdered : pickQueued)(tx.db, job, slots, this.#own.nowMs());
      tx.afterCommit(() => {
        // In order, those that wait for another are still in the queue.
        if (rows.length < slots && !isOrdered) catalog.setWaiting(job, 0);
        else catalog.addWaiting(job, -rows.length);
      });
      turn.claimed.push(this.#claim(tx, { job, slots }, rows));
    }
    return turn;
  }

  #slotsAfter(ended: readonly Ending[]): { freed: Map<string, number>; free: Record<Lane, number> } {
    this.#woken.clear();
    /** Slots of each job that this turn gives back (+) or takes (−). */
    const freed = new Map<string, number>();
    for (const { run } of ended) freed.set(run.row.job, (freed.get(run.row.job) ?? 0) + 1);
    for (const job of freed.keys()) this.#orders[this.#laneOf(job)].slotFreed(job);
    return { freed, free: this.#freeSlots(ended) };
  }

  /** The same by way of a cluster's log, which decides what this node gets of what it would take. */
  async #writeShared(turns: SharedTurns, take: () => Ending[]): Promise<Turn> {
    await new Promise((resolve) => setImmediate(resolve));
    const ended = take();
    const wanted: (Wanted & { isAwaited: boolean })[] = [];
    if (this.#isClaiming) {
      const { freed, free } = this.#slotsAfter(ended);
      for (const [seq, awaited] of this.#awaited) {
        const row = free.process + awaitedReserve > 0 ? findRunBySeq(this.#deps.db, seq) : null;
        const freedOfJob = freed.get(awaited.job) ?? 0;
        if (row !== null && row.state !== 'queued') awaited.isQueued = false;
        if (row === null || !this.#isClaimable(seq, awaited, freedOfJob)) continue;
        freed.set(awaited.job, freedOfJob - 1);
        free.process -= 1;
        wanted.push({ job: awaited.job, slots: 1, id: row.id, isAwaited: true });
      }
      const freeOf = (job: string): number => this.#freeOf(job, freed.get(job));
      for (const allotment of lanes.flatMap((lane) => this.#orders[lane].allot(Math.max(0, free[lane]), freeOf))) {
        wanted.push({ ...allotment, isAwaited: false });
      }
    }
    const asked = wanted.filter(({ job, isAwaited }) => isAwaited || turns.hasClaimable(job));
    const answer =
      ended.length === 0 && asked.length === 0
        ? { claimed: [], startedAtMs: this.#own.nowMs() }
        : await turns.write(
            ended,
            asked.map(({ job, slots, id }) => ({ job, slots, id })),
          );
    const { claimed, startedAtMs } = answer;
    return {
      ended,
      claimed: wanted.map((one) => ({
        job: one.job,
        slots: one.isAwaited ? null : one.slots,
        rows: claimed[asked.indexOf(one)] ?? [],
        startedAtMs,
      })),
    };
  }

  /** How many it has claimed, `most` at most. */
  #claimAwaited(tx: Transaction, most: number, freed: Map<string, number>, turn: Turn): number {
    let count = 0;
    for (const [seq, awaited] of this.#awaited) {
      if (count >= most) break;
      const { job } = awaited;
      const freedOfJob = freed.get(job) ?? 0;
      if (!this.#isClaimable(seq, awaited, freedOfJob)) continue;
      const row = pickQueuedRun(tx.db, seq);
      if (row === null) {
        awaited.isQueued = false;
        continue;
      }
      freed.set(job, freedOfJob - 1);
      tx.afterCommit(() => this.#deps.catalog.addWaiting(job, -1));
      turn.claimed.push(this.#claim(tx, { job, slots: null }, [row]));
      count += 1;
    }
    return count;
  }

  #claim(tx: Transaction, of: Pick<Claimed, 'job' | 'slots'>, rows: ClaimRow[]): Claimed {
    const startedAtMs = this.#own.nowMs();
    for (const row of rows) this.#deps.lifecycle.claim(tx, row, startedAtMs);
    return { ...of, rows, startedAtMs };
  }

  /** After the commit was announced: those who wait for an end were told, and what was planned is queued. */
  #settle({ ended, claimed }: Turn): void {
    const { catalog } = this.#deps;
    for (const { run } of ended) {
      const { job, seq } = run.row;
      this.#deps.gate.released(job, 1);
      // In a cluster it may have been given up here, and claimed here again.
      if (this.#active.get(seq) === run) {
        this.#active.delete(seq);
        this.#requests.delete(seq);
      }
      const left = this.runningOf(job) - 1;
      if (left > 0) this.#running.set(job, left);
      else this.#running.delete(job);
    }
    const started: ActiveRun[] = [];
    for (const { job, rows, startedAtMs } of claimed) {
      for (const row of rows) {
        const run = claimedRun(row, catalog.get(job), startedAtMs);
        this.#active.set(row.seq, run);
        if (run.job?.spec.kind === 'http') this.#requests.add(row.seq);
        started.push(run);
      }
      if (rows.length > 0) {
        this.#running.set(job, this.runningOf(job) + rows.length);
        this.#deps.gate.taken(job, rows.length);
      }
    }
    for (const { job, slots, rows } of claimed) {
      const order = this.#orders[this.#laneOf(job)];
      if (slots === null) {
        if (this.#freeOf(job) <= 0) order.add(job, false);
      } else if (rows.length < slots && !this.#woken.has(job)) order.remove(job);
      else order.turnTaken(job, this.#freeOf(job) > 0);
    }
    for (const { run } of ended) this.#orders[this.#laneOf(run.row.job)].slotFreed(run.row.job);
    this.#releaseWaiters(ended);
    for (const { run } of ended) this.#endWaiters.delete(run);
    this.#isWriting = false;
    this.#own.onClaimed(started);
    this.#own.onSettled();
    this.#kick();
  }
}
