import { z } from 'zod';
import { triedCode } from '../../../shared/contract/deliveries.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { firstSeqAt, seqEnds } from '../paging/time-bounds.ts';

export interface DeliveryCounts {
  total: number;
  accepted: number;
  duplicate: number;
  refused: number;
  tried: number;
}

const totalSchema = z.object({ n: z.number() });
const refusedSchema = z.object({ n: z.number(), tried: z.number() });

/** Deliveries of a source from the seq `from` to below `to`, from indexes: only rows that were refused are read. */
export function countDeliveries(db: ReadableDb, source: string, from: number, to: number): DeliveryCounts {
  if (from >= to) return { total: 0, accepted: 0, duplicate: 0, refused: 0, tried: 0 };
  const number = (sql: string): number => totalSchema.parse(statement(db, sql).get(source, from, to)).n;
  const total = number(
    'SELECT count(*) AS n FROM deliveries INDEXED BY deliveries_by_source WHERE source = ? AND seq >= ? AND seq < ?',
  );
  if (total === 0) return { total: 0, accepted: 0, duplicate: 0, refused: 0, tried: 0 };
  const duplicate = number(
    `SELECT count(*) AS n FROM deliveries INDEXED BY deliveries_repeated
     WHERE result = 'duplicate' AND source = ? AND seq >= ? AND seq < ?`,
  );
  const { n, tried } = refusedSchema.parse(
    statement(
      db,
      `SELECT count(*) AS n, ifnull(sum(reason_code IS '${triedCode}'), 0) AS tried
       FROM deliveries INDEXED BY deliveries_refused
       WHERE result = 'refused' AND source = ? AND seq >= ? AND seq < ?`,
    ).get(source, from, to),
  );
  return { total, accepted: total - duplicate - n, duplicate, refused: n - tried, tried };
}

/** Deliveries of a source since this time. */
export function recentDeliveries(
  db: ReadableDb,
  { source, sinceMs }: { source: string; sinceMs: number },
): DeliveryCounts {
  const ends = seqEnds(db, 'deliveries');
  if (ends === null) return countDeliveries(db, source, 0, 0);
  return countDeliveries(db, source, firstSeqAt(db, 'deliveries', sinceMs, ends.low, ends.high + 1), ends.high + 1);
}
