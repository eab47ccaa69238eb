import { compareKeys, type SortKey, sortKey } from '../../../shared/columns/sort-key.ts';
import { rankedMost } from '../../../shared/contract/event-orders.ts';
import type { EventItem } from '../../../shared/contract/events.ts';
import type { ReadableDb } from '../database/open.ts';
import { isoTime } from '../database/times.ts';
import { type EventRow, toEventItem } from '../events/events.ts';
import { parseQueryOrThrow } from '../paging/page.ts';
import { pageBudgetMs, parseCursor } from '../paging/scan.ts';
import { scannedTime } from '../paging/time-bounds.ts';
import { readEventRuns } from '../runs/event-runs.ts';
import { listedPayloadChars, scanEvents } from './list-events.ts';

interface PieceRequest {
  query?: string | undefined;
  by: string;
  cursor?: string | null | undefined;
  nowMs: number;
}

interface Piece {
  events: number;
  nextCursor: string | null;
  scannedTo: string | null;
}

export interface RankRequest extends PieceRequest {
  descending: boolean;
}

export interface RankedPiece extends Piece {
  items: { key?: Exclude<SortKey, undefined>; event: EventItem }[];
}

export interface GroupPiece extends Piece {
  groups: { key?: Exclude<SortKey, undefined>; count: number; newestAt: string; newestId: string }[];
}

const rowsRead = 200;

/** Keys are of the whole payload, also where a list leaves it out for its size. */
const keyOf = (row: EventRow, by: string): SortKey => sortKey(toEventItem(row, [], Number.POSITIVE_INFINITY), by);
const withKey = (key: SortKey) => (key === undefined ? {} : { key });

/** The first events of a piece in the order of a value. */
export function rankEvents(
  db: ReadableDb,
  { by, descending, ...request }: RankRequest,
  budgetMs = pageBudgetMs,
): RankedPiece {
  let best: { key: SortKey; row: EventRow }[] = [];
  const keepBest = (): void => {
    best = best.sort((a, b) => compareKeys(a.key, b.key, descending) || b.row.seq - a.row.seq).slice(0, rankedMost);
  };
  const piece = scanPiece(db, request, budgetMs, (row) => {
    best.push({ key: keyOf(row, by), row });
    if (best.length >= 4 * rankedMost) keepBest();
  });
  keepBest();
  const runs = readEventRuns(
    db,
    best.map(({ row }) => row.seq),
  );
  const items = best.map(({ key, row }) => ({
    ...withKey(key),
    event: toEventItem(row, runs.get(row.seq) ?? [], listedPayloadChars),
  }));
  return { ...piece, items };
}

/** How many events of a piece have each value. */
export function groupEvents(db: ReadableDb, { by, ...request }: PieceRequest, budgetMs = pageBudgetMs): GroupPiece {
  const groups = new Map<SortKey, GroupPiece['groups'][number]>();
  const piece = scanPiece(db, request, budgetMs, (row) => {
    const key = keyOf(row, by);
    const group = groups.get(key);
    // Rows come newest first.
    if (group === undefined)
      groups.set(key, { ...withKey(key), count: 1, newestAt: isoTime(row.received_at), newestId: row.id });
    else group.count += 1;
  });
  return { ...piece, groups: [...groups.values()] };
}

/** Reads matching rows until the time is up. */
function scanPiece(
  db: ReadableDb,
  request: Omit<PieceRequest, 'by'>,
  budgetMs: number,
  take: (row: EventRow) => void,
): Piece {
  const scan = scanEvents(db, parseQueryOrThrow(request.query), request.nowMs);
  const piece: Piece = { events: 0, nextCursor: null, scannedTo: null };
  if (scan === null) return piece;
  const endBy = performance.now() + budgetMs;
  let below = parseCursor(request.cursor, scan.top);
  while (below > scan.floor) {
    const found = scan.next(below, rowsRead);
    for (const row of found.rows) {
      if (!scan.accepts(row)) continue;
      piece.events += 1;
      take(row);
    }
    if (found.scannedTo >= below) break;
    below = found.scannedTo;
    if (performance.now() > endBy && below > scan.floor) {
      return { ...piece, nextCursor: String(below), scannedTo: scannedTime(db, 'events', below) };
    }
  }
  return piece;
}
