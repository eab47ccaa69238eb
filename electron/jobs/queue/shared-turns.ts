import type { Json } from '../../../shared/contract/common.ts';
import { readRunning } from '../../runs/running-run.ts';
import { addClaim, claimsOf, endClaim } from '../../store/log/log-claims.ts';
import {
  addMember,
  countTurn,
  forgetMembers,
  isLiveMember,
  liveMembers,
  removeMember,
} from '../../store/log/log-members.ts';
import { findRun, findRunBySeq } from '../../store/runs/find-run.ts';
import { type AttemptEnd, type ClaimRow, pickOrdered, pickQueued, pickQueuedRun } from '../../store/runs/run-claims.ts';
import { countRunningOf } from '../../store/runs/run-counts.ts';
import type { Transaction } from '../../store/write/writer.ts';
import type { Finish } from '../run/active-run.ts';
import type { JobRunnerDeps, SharedRuns } from '../run/runner-deps.ts';
import { type SharedOutput, shareOutput, writeSharedOutput } from '../run/shared-run-writes.ts';
import { settleInterruptedRun } from './recovery.ts';
import { type Ending, hasDoneParts, writeEndOf } from './write-end.ts';

/** How an attempt ended, as the log carries it. */
interface SharedEnd {
  id: string;
  attempt: number;
  end: AttemptEnd;
  outcome: Json;
  next: Finish['next'];
  hasDoneParts: boolean;
  output: SharedOutput | null;
}

/** What a node would run: so many of a job, or a run that a sender waits for. */
export interface Wanted {
  job: string;
  slots: number;
  id?: string | undefined;
}

export interface SharedTurn {
  /** Ids of runs whose attempt was not running any more: others have them. */
  late: string[];
  /** In the order of what was wanted. */
  claimed: ClaimRow[][];
  startedAtMs: number;
}

export interface SharedTurns {
  write(ended: readonly Ending[], wanted: readonly Wanted[]): Promise<SharedTurn>;
  /** Takes part as this member; what an earlier one of this node ran was cut short. */
  join(): Promise<void>;
  /** Whether a run of the job could be claimed, as far as this node knows. */
  hasClaimable(job: string): boolean;
}

export interface SharedTurnDeps {
  nowMs: () => number;
  /** A run of these jobs has ended somewhere. */
  onFreed(jobs: Iterable<string>): void;
  /** This member was given up. */
  onGivenUp(): void;
}

/** Of a job that was removed: only to be failed. */
const removedJobSlots = 16;
const memberDays = 7;

/**
 * Claims and ends of runs in a cluster. Each node applies them in the order of the log, so that a run is claimed by one node, its
 * attempt ends once, and a job has no more runs than its limit over all nodes.
 */
export function createSharedTurns(deps: JobRunnerDeps, shared: SharedRuns, own: SharedTurnDeps): SharedTurns {
  const { db, catalog, lifecycle, log } = deps;
  const { define } = shared.commands;
  const { nowMs } = own;
  let turns = 0;

  const concurrencyOf = (job: string): number => catalog.get(job)?.concurrency ?? removedJobSlots;
  const pickOf = (job: string) => ((catalog.get(job)?.orderBy ?? null) === null ? pickQueued : pickOrdered);

  function applyEnd(tx: Transaction, shared: SharedEnd): boolean {
    const row = findRun(tx.db, shared.id);
    const isRunning = row?.state === 'running' || row?.state === 'interaction_required';
    if (row === null || !isRunning || row.attempt !== shared.attempt) return false;
    const { end, outcome } = shared;
    if (shared.output !== null) writeSharedOutput(tx, row.seq, shared.output);
    endClaim(tx.db, row.seq);
    const acknowledge = end.acknowledge ?? row.acknowledge;
    const run = readRunning({ ...row, acknowledge, progress: end.progress, steps: end.steps });
    writeEndOf(
      tx,
      { ended: { run, end, outcome }, next: shared.next, hasDoneParts: shared.hasDoneParts },
      {
        lifecycle,
        job: catalog.get(row.job),
      },
    );
    return true;
  }

  function applyClaim(tx: Transaction, { job, slots, id }: Wanted, member: string, atMs: number): ClaimRow[] {
    const free = Math.min(slots, concurrencyOf(job) - countRunningOf(tx.db, job));
    if (free <= 0) return [];
    const one = id === undefined ? null : pickQueuedRun(tx.db, seqOf(tx, id));
    const rows = id === undefined ? pickOf(job)(tx.db, job, free, atMs) : one === null ? [] : [one];
    for (const row of rows) {
      lifecycle.claim(tx, row, atMs);
      addClaim(tx.db, row.seq, row.attempt + 1, member);
    }
    if (rows.length > 0) tx.afterCommit(() => catalog.addWaiting(job, -rows.length));
    return rows;
  }

  const write = define(
    'runs.turn',
    (tx, member: string, turn: number, ended: SharedEnd[], wanted: Wanted[]): SharedTurn => {
      const startedAtMs = nowMs();
      // Sent twice where its confirmation was lost for longer than the log recognises repeats.
      const isMember = isLiveMember(tx.db, member) && countTurn(tx.db, member, turn);
      const jobs = new Set<string>();
      const late = ended.flatMap((one) => {
        const row = findRun(tx.db, one.id);
        if (row !== null) jobs.add(row.job);
        return applyEnd(tx, one) ? [] : [one.id];
      });
      const claimed = wanted.map((one) => (isMember ? applyClaim(tx, one, member, startedAtMs) : []));
      if (jobs.size > 0) tx.afterCommit(() => own.onFreed(jobs));
      return { late, claimed, startedAtMs };
    },
    { isInsisting: true },
  );

  function giveUp(tx: Transaction, member: string, why: string): void {
    if (!removeMember(tx.db, member, nowMs())) return;
    const jobs = new Set<string>();
    for (const seq of claimsOf(tx.db, member)) {
      const row = findRunBySeq(tx.db, seq);
      endClaim(tx.db, seq);
      if (row === null) continue;
      jobs.add(row.job);
      settleInterruptedRun(tx, row, deps, { atMs: nowMs(), why });
    }
    if (jobs.size > 0) tx.afterCommit(() => own.onFreed(jobs));
    tx.afterCommit(() => {
      if (member === shared.member()) own.onGivenUp();
    });
  }

  const join = define(
    'member.join',
    (tx, member: string, node: string, name: string) => {
      for (const earlier of liveMembers(tx.db)) {
        if (earlier.node === node && earlier.member !== member) {
          giveUp(tx, earlier.member, `Signalbox on ${name} ended while this was running.`);
        }
      }
      forgetMembers(tx.db, nowMs() - memberDays * 86_400_000);
      addMember(tx.db, { member, node, name }, nowMs());
    },
    { isInsisting: true },
  );

  define('member.lost', (tx, member: string, name: string) =>
    giveUp(tx, member, `The node ${name} gave no sign of life while this was running.`),
  );

  define('member.leave', (tx, member: string, name: string) =>
    giveUp(tx, member, `Signalbox on ${name} ended while this was running.`),
  );

  return {
    async write(ended, wanted) {
      turns += 1;
      const turn = await write(shared.member(), turns, ended.map(shareEnd), [...wanted]);
      if (turn.late.length > 0) {
        log.warn(
          { runs: turn.late },
          'the ends of these runs came too late: the cluster had given them to another node',
        );
      }
      return turn;
    },
    join: () => join(shared.member(), shared.node.id, shared.node.name),
    hasClaimable: (job) => countRunningOf(db, job) < concurrencyOf(job) && pickOf(job)(db, job, 1, nowMs()).length > 0,
  };
}

const seqOf = (tx: Transaction, id: string): number => findRun(tx.db, id)?.seq ?? 0;

const shareEnd = (ending: Ending): SharedEnd => ({
  id: ending.run.row.id,
  attempt: ending.run.attempt,
  end: ending.end,
  outcome: ending.outcome?.value ?? null,
  next: ending.next,
  hasDoneParts: hasDoneParts(ending),
  output: ending.flush === null ? null : shareOutput(ending.run.row.id, ending.run.attempt, ending.flush),
});
