import { z } from 'zod';
import { triedCode } from '../../../../shared/contract/deliveries.ts';
import { verificationSchema } from '../../../../shared/contract/events.ts';
import type { SourceStatistics } from '../../../../shared/contract/statistics.ts';
import type { ReadableDb } from '../../database/open.ts';
import { statement } from '../../database/statements.ts';
import { isoTime } from '../../database/times.ts';
import { firstSeqAt, seqEnds } from '../../paging/time-bounds.ts';
import { countDeliveries } from '../delivery-counts.ts';
import { readRhythm } from './source-rhythm.ts';

export interface SourceStatisticsRequest {
  source: string;
  hours: number;
  nowMs: number;
}

const mostReasons = 20;
/** Accepted deliveries whose verification is read, latest first. */
const mostVerified = 500;

/** What a source received in the last hours. */
export function sourceStatistics(db: ReadableDb, { source, hours, nowMs }: SourceStatisticsRequest): SourceStatistics {
  const fromMs = nowMs - hours * 3_600_000;
  const ends = seqEnds(db, 'deliveries');
  const [from, to] =
    ends === null ? [1, 1] : [firstSeqAt(db, 'deliveries', fromMs, ends.low, ends.high + 1), ends.high + 1];
  const rhythm = readRhythm(db, source, nowMs);
  return {
    from: isoTime(fromMs),
    ...countDeliveries(db, source, from, to),
    reasons: readReasons(db, source, from),
    verification: countVerified(db, source, from),
    rhythm,
  };
}

const reasonSchema = z.object({ code: z.string().nullable(), message: z.string().nullable(), n: z.number() });

/** Why deliveries were refused, the most frequent first; with the message of the latest. */
function readReasons(db: ReadableDb, source: string, from: number): SourceStatistics['reasons'] {
  return statement(
    db,
    // With a lone max() SQLite takes the other columns from the row that has it.
    `SELECT reason_code AS code, reason_message AS message, count(*) AS n, max(seq)
     FROM deliveries INDEXED BY deliveries_refused
     WHERE result = 'refused' AND source = ? AND seq >= ? AND reason_code IS NOT '${triedCode}'
     GROUP BY reason_code ORDER BY n DESC LIMIT ${mostReasons}`,
  )
    .all(source, from)
    .map((row) => reasonSchema.parse(row))
    .map(({ code, message, n }) => ({ code: code ?? 'unknown', message: message ?? '', count: n }));
}

const textSchema = z.object({ verification: z.string() });

function countVerified(db: ReadableDb, source: string, from: number): SourceStatistics['verification'] {
  const rows = statement(
    db,
    `SELECT e.verification FROM (
       SELECT seq FROM deliveries INDEXED BY deliveries_by_source WHERE source = ? AND seq >= ? ORDER BY seq DESC LIMIT ${mostVerified}
     ) d JOIN events e INDEXED BY events_by_delivery ON e.delivery_seq = d.seq`,
  ).all(source, from);
  const states = rows.map((row) => stateOf(textSchema.parse(row).verification));
  return {
    events: states.length,
    verified: states.filter((state) => state === 'verified').length,
  };
}

function stateOf(text: string): string | null {
  try {
    return verificationSchema.parse(JSON.parse(text)).state;
  } catch {
    // Damaged in the store: counted as not verified.
    return null;
  }
}
