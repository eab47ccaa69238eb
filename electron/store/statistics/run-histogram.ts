import { z } from 'zod';
import { type RunState, runStateSchema } from '../../../shared/contract/runs.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { parseQueryOrThrow } from '../paging/page.ts';
import { pageBudgetMs } from '../paging/scan.ts';
import { whereText } from '../paging/sql-where.ts';
import { type RunScan, scanRuns } from '../runs/list-runs.ts';
import { runTableAlone, runTables } from '../runs/run-rows.ts';
import { bucketStart, type Frame, type Histogram, type HistogramRequest, readCursor, toHistogram } from './buckets.ts';
import { bounded, chooseFrame } from './frame.ts';

export interface RunCounts {
  total: number;
  completed: number;
  failed: number;
  canceled: number;
}

/** Rows scanned between checks of the clock: in SQL, and one by one. */
const windowRows = 10_000;
const pieceRows = 1000;

interface Group {
  start: number;
  state: RunState;
  n: number;
}

/** How many runs a query finds, over the time when they were queued. */
export function runHistogram(db: ReadableDb, request: HistogramRequest, budgetMs = pageBudgetMs): Histogram<RunCounts> {
  const endBy = performance.now() + budgetMs;
  const query = parseQueryOrThrow(request.query);
  const resumed = readCursor(request.cursor);
  const frame = resumed?.frame ?? chooseFrame(db, ['runs'], query, request);
  const counts = new Map<number, RunCounts>();
  const scan = scanRuns(db, bounded(query, frame), {}, request.nowMs);
  if (scan === null) return toHistogram(frame, counts, null);
  let below = Math.min(resumed?.at ?? scan.top, scan.top);
  while (below > scan.floor) {
    const piece = scan.acceptsAll ? groupWindow(db, scan, frame, below) : groupPiece(scan, frame, below);
    for (const group of piece.groups) add(counts, group);
    if (piece.scannedTo >= below) break;
    below = piece.scannedTo;
    if (performance.now() > endBy && below > scan.floor) return toHistogram(frame, counts, below);
  }
  return toHistogram(frame, counts, null);
}

interface Piece {
  groups: Group[];
  scannedTo: number;
}

const groupSchema = z.object({ start: z.number(), state: runStateSchema, n: z.number() });

function groupWindow(db: ReadableDb, scan: RunScan, frame: Frame, below: number): Piece {
  const from = Math.max(scan.floor + 1, below - windowRows);
  const needsEvent = scan.where.clauses.some((clause) => /\b[et]\./.test(clause));
  const tables = needsEvent ? runTables : runTableAlone;
  // Times are after 1970, so that SQLite's division rounds down as `bucketStart` does.
  const sql = `SELECT (r.queued_at / CAST(@width AS INTEGER)) * CAST(@width AS INTEGER) AS start, r.state, count(*) AS n FROM ${tables}
    WHERE r.seq < ? AND r.seq >= ? AND ${whereText(scan.where)} GROUP BY 1, 2`;
  const rows = statement(db, sql).all({ width: frame.bucketMs }, below, from, ...scan.where.values);
  return { groups: rows.map((row) => groupSchema.parse(row)), scannedTo: from };
}

function groupPiece(scan: RunScan, frame: Frame, below: number): Piece {
  const { rows, scannedTo } = scan.next(below, pieceRows);
  const groups = rows
    .filter(scan.accepts)
    .map((row) => ({ start: bucketStart(frame, row.queued_at), state: row.state, n: 1 }));
  return { groups, scannedTo };
}

function add(counts: Map<number, RunCounts>, { start, state, n }: Group): void {
  const found = counts.get(start) ?? { total: 0, completed: 0, failed: 0, canceled: 0 };
  found.total += n;
  if (state === 'completed' || state === 'failed' || state === 'canceled') found[state] += n;
  counts.set(start, found);
}
