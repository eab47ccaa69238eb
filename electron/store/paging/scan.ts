/** How long one page may take: then it gives what it has and a cursor, so that other readers get their turn. */
export const pageBudgetMs = 30;

export interface Scan<Row> {
  /** Up to `limit` rows with a seq below `below`, newest first, and how far down it has looked (`to`, exclusive below). */
  next(below: number, limit: number): { rows: Row[]; scannedTo: number };
  seqOf(row: Row): number;
  /** What SQL could not decide. */
  accepts(row: Row): boolean;
  /** Nothing lies below this seq. */
  floor: number;
}

export interface Scanned<Row> {
  rows: Row[];
  /** Seq to go on below; null when everything has been looked at. */
  cursor: number | null;
}

/** Collects a page by looking at bounded pieces until it is full, the end is reached or the time is up. */
export function collectPage<Row>(scan: Scan<Row>, below: number, limit: number, budgetMs = pageBudgetMs): Scanned<Row> {
  const endBy = performance.now() + budgetMs;
  const rows: Row[] = [];
  let at = below;
  while (at > scan.floor) {
    const piece = scan.next(at, limit);
    for (const row of piece.rows) {
      if (!scan.accepts(row)) continue;
      rows.push(row);
      if (rows.length === limit) {
        const seq = scan.seqOf(row);
        return { rows, cursor: seq > scan.floor ? seq : null };
      }
    }
    if (piece.scannedTo >= at) return { rows, cursor: null };
    at = piece.scannedTo;
    if (performance.now() > endBy && at > scan.floor) return { rows, cursor: at };
  }
  return { rows, cursor: null };
}

/** Cursors are opaque to callers; a text that is none starts at the top. */
export function parseCursor(cursor: string | null | undefined, top: number): number {
  if (cursor === null || cursor === undefined) return top;
  const seq = Number(cursor);
  return Number.isSafeInteger(seq) && seq >= 0 ? Math.min(seq, top) : top;
}
