import { compileReach, type Reached } from '../../../shared/conditions/evaluate/reach.ts';
import type { TypeSchema } from '../../../shared/contract/type-schemas.ts';
import type { ReadableDb } from '../database/open.ts';
import { isoTime } from '../database/times.ts';
import {
  admittedTypes,
  type BacktestRow,
  rowsOfTypes,
  StoredInput,
  typeReader,
  UnreadableEvent,
} from '../lists/backtest-events.ts';
import { seqEnds } from '../paging/time-bounds.ts';
import { createFieldCounter } from './seen-fields.ts';

/** The newest events, by which a field counts as gone. */
export const recentEvents = 100;
/** Events before those, taken from so many places in the history. */
const places = 30;
const perPlace = 10;

/** One turn of the read worker; what it had no time for is left out of the sample. */
const budgetMs = 100;

/** Which fields the stored events of a source and types have, from a bounded sample. */
export function typeSchema(db: ReadableDb, reached: Reached, withinMs = budgetMs): TypeSchema {
  const endBy = performance.now() + withinMs;
  const ends = seqEnds(db, 'events');
  const counter = createFieldCounter();
  const times: number[] = [];
  let recent = 0;
  const reach = compileReach(reached);
  const takes = (source: string, type: string): boolean => reach.takesSource(source) && reach.takesType(source, type);
  const types = admittedTypes(db, ({ source, type }) => takes(source, type));
  const next = rowsOfTypes(db, types, { context: true, payload: true });
  const typeOf = typeReader(db);

  function add(row: BacktestRow, isRecent: boolean): boolean {
    const type = typeOf(row.type_id);
    if (!takes(type.source, type.type)) return false;
    try {
      const { context, payload, headers } = new StoredInput(db, row, type);
      counter.add({ atMs: row.received_at, isRecent, parts: { context, payload, headers } });
    } catch (error) {
      if (error instanceof UnreadableEvent) return false;
      throw error;
    }
    times.push(row.received_at);
    return true;
  }

  /** Up to `most` events below a seq; returns the seq below which the others are left. */
  function take(below: number, floor: number, most: number, isRecent: boolean): number {
    let at = below;
    for (let taken = 0; at > floor && taken < most; ) {
      const { rows, scannedTo } = next(at, floor, 0);
      for (const row of rows) {
        if (taken === most || performance.now() > endBy) return row.seq + 1;
        if (!add(row, isRecent)) continue;
        taken += 1;
        if (isRecent) recent += 1;
      }
      at = scannedTo;
      if (performance.now() > endBy) break;
    }
    return at;
  }

  if (ends !== null) {
    const rest = take(ends.high + 1, ends.low, recentEvents, true);
    const step = Math.max(perPlace, Math.ceil((rest - ends.low) / places));
    for (let top = rest; top > ends.low && performance.now() < endBy; top -= step) {
      take(top, Math.max(ends.low, top - step), perPlace, false);
    }
  }
  return {
    sampled: times.length,
    recent,
    oldestAt: times.length === 0 ? null : isoTime(Math.min(...times)),
    newestAt: times.length === 0 ? null : isoTime(Math.max(...times)),
    fields: counter.fields(),
    isCut: counter.isCut(),
  };
}
