import { compileConditions } from '../../../../shared/conditions/evaluate/compile.ts';
import { parseConditions } from '../../../../shared/conditions/parse/parse.ts';
import type { Conditions } from '../../../../shared/conditions/tree.ts';
import type { ClauseSample } from '../../../../shared/contract/statistics.ts';
import { parseExact } from '../../../../shared/exact-json/parse-exact.ts';
import type { ReadableDb } from '../../database/open.ts';
import { isoTime } from '../../database/times.ts';
import { readEventRows, readMatchable } from '../../events/events.ts';
import { newestOfTypes } from '../../lists/newest-of-types.ts';
import { pageBudgetMs } from '../../paging/scan.ts';
import { firstSeqAt, seqEnds } from '../../paging/time-bounds.ts';

export interface ClauseSampleRequest {
  /** The condition tree as JSON: its numbers keep their digits on the way to the thread. */
  where: string;
  /** Of the events that the listener can match by source and type. */
  typeIds: number[];
  hours: number;
  nowMs: number;
}

const mostEvents = 2000;
/** Events evaluated before the clock is looked at. */
const pieceEvents = 250;

/**
 * Which clauses the latest events that a listener can match fail on, evaluated by the code that matches. A clause is a
 * child of the outermost `all`; any other tree is one clause.
 */
export function clauseSample(
  db: ReadableDb,
  request: ClauseSampleRequest,
  budgetMs = pageBudgetMs,
  piece = pieceEvents,
): ClauseSample {
  const endBy = performance.now() + budgetMs;
  const { where, typeIds, hours, nowMs } = request;
  const passes = clausesOf(where).map(compileConditions);
  const clauses = passes.map((): ClauseSample['clauses'][number] => ({ failed: 0, alone: 0, eventId: null }));
  const sample: ClauseSample = { from: isoTime(nowMs), events: 0, matched: 0, isCut: false, clauses };
  const fromMs = nowMs - hours * 3_600_000;
  const ends = seqEnds(db, 'events');
  if (ends === null || typeIds.length === 0) return { ...sample, from: isoTime(fromMs) };
  const floor = firstSeqAt(db, 'events', fromMs, ends.low, ends.high + 1) - 1;
  let below = ends.high + 1;
  while (below > floor) {
    const found = newestOfTypes(db, typeIds, below, floor, piece);
    for (const row of readEventRows(db, found.seqs)) {
      const event = readMatchable(db, row);
      if (event === null) continue;
      sample.events += 1;
      sample.from = event.receivedAt;
      const failed = passes.flatMap((pass, index) => (pass(event) ? [] : [index]));
      if (failed.length === 0) sample.matched += 1;
      for (const index of failed) {
        const clause = clauses[index];
        if (clause === undefined) continue;
        clause.failed += 1;
        if (failed.length === 1) clause.alone += 1;
        clause.eventId ??= event.id;
      }
    }
    below = found.scannedTo;
    if (below > floor && (sample.events >= mostEvents || performance.now() > endBy)) return { ...sample, isCut: true };
  }
  return { ...sample, from: isoTime(fromMs) };
}

function clausesOf(where: string): readonly Conditions[] {
  const parsed = parseConditions(parseExact(where));
  // It was checked when it was saved.
  if (!parsed.ok) throw new Error(`the conditions cannot be read: ${parsed.errors[0]?.message}`);
  return 'all' in parsed.conditions ? parsed.conditions.all : [parsed.conditions];
}
