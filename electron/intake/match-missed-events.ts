import type { Logger } from 'pino';
import type { JobPlans } from '../runs/job-plans.ts';
import type { ReadableDb } from '../store/database/open.ts';
import { closeGap, type DefinitionGap, openGap, readGaps, shortenGap } from '../store/definitions/definition-gaps.ts';
import type { BrokenRow } from '../store/definitions/definition-rows.ts';
import { clearIgnored, eventSeqsAfter, lastEventSeq, readEventRows, readMatchable } from '../store/events/events.ts';
import type { Writer } from '../store/write/writer.ts';
import { type PlanMatch, startsNothing } from './plan-matches.ts';
import type { ListenerMatcher } from './planning-types.ts';

export interface MissedEventsDeps {
  db: ReadableDb;
  writer: Writer;
  listeners: ListenerMatcher;
  jobs: JobPlans;
  plan: PlanMatch;
  log: Logger;
}

/**
 * Events are taken while a listener or a job is damaged in the store, since many senders send only once. They are matched
 * when it can be read again: the runs then belong to the events themselves, and none is planned twice.
 */
export interface MissedEvents {
  /** Called after each change of definitions, before the next event, with those that are damaged. */
  follow(damaged: readonly BrokenRow[]): void;
  /** Resolves when the step under way is stored; what is left goes on after the next start. */
  stop(): Promise<void>;
}

/** Small, so that deliveries get in between. */
const perTransaction = 50;

const keyOf = ({ kind, slug }: { kind: string; slug: string }): string => `${kind} ${slug}`;

export function createMissedEvents({ db, writer, listeners, jobs, plan, log }: MissedEventsDeps): MissedEvents {
  let isStopped = false;
  let turn: Promise<void> = Promise.resolve();

  async function update(damaged: readonly BrokenRow[], afterSeq: number): Promise<void> {
    if (isStopped) return;
    const broken = damaged.flatMap(({ kind, slug, state }): DefinitionGap[] => {
      const isOff = state !== undefined && state !== 'active';
      return (kind === 'listener' && !isOff) || kind === 'job' ? [{ kind, slug, afterSeq }] : [];
    });
    const gaps = readGaps(db);
    const known = new Set(gaps.map(keyOf));
    const fresh = broken.filter((gap) => !known.has(keyOf(gap)));
    if (fresh.length > 0) {
      await writer.write((tx) => {
        for (const gap of fresh) openGap(tx.db, gap);
      });
    }
    const names = new Set(damaged.map(keyOf));
    for (const gap of gaps) {
      if (names.has(keyOf(gap))) continue;
      // Its runs could not be planned yet.
      const job = gap.kind === 'listener' ? listeners.find(gap.slug)?.job : undefined;
      if (job === undefined || !names.has(`job ${job}`)) await fill(gap);
    }
  }

  async function fill(gap: DefinitionGap): Promise<void> {
    const isDefined = (gap.kind === 'listener' ? listeners.find(gap.slug) : jobs.plan(gap.slug)) !== null;
    // What was matched before it could be read again is stored by the time this transaction has its turn.
    const lastSeq = await writer.write((tx) => {
      if (!isDefined) closeGap(tx.db, gap);
      return lastEventSeq(tx.db);
    });
    if (!isDefined) return;
    let planned = 0;
    for (let { afterSeq } = gap; afterSeq < lastSeq && !isStopped; ) {
      const from = afterSeq;
      const step = await writer.write((tx) => {
        const seqs = eventSeqsAfter(tx.db, from, lastSeq, perTransaction);
        const to = seqs.at(-1) ?? lastSeq;
        let runs = 0;
        for (const row of readEventRows(tx.db, seqs).reverse()) {
          const event = row.chain_stopped === 1 ? null : readMatchable(tx.db, row);
          if (event === null) continue;
          const matches = listeners
            .match(event)
            .filter(({ listener, job }) => (gap.kind === 'listener' ? listener : job) === gap.slug);
          const { seq, id, source, type, depth } = row;
          for (const match of matches) plan(tx, { seq, id, source, type, depth }, match);
          if (!startsNothing(matches)) clearIgnored(tx.db, seq);
          runs += matches.length;
        }
        shortenGap(tx.db, { ...gap, afterSeq: to });
        return { to, runs };
      });
      afterSeq = step.to;
      planned += step.runs;
    }
    if (isStopped) return;
    await writer.write((tx) => closeGap(tx.db, gap));
    log.info({ kind: gap.kind, slug: gap.slug, planned }, 'events of the time in which it was damaged are matched');
  }

  return {
    follow(damaged) {
      // Read in this turn of the event loop: later events have not been matched with what is damaged.
      const afterSeq = lastEventSeq(db);
      turn = turn
        .then(() => update(damaged, afterSeq))
        .catch((error: unknown) => {
          log.error({ err: error }, 'events for damaged definitions could not be followed up');
        });
    },
    async stop() {
      isStopped = true;
      await turn;
    },
  };
}
