import { usualColumns } from '../../../shared/columns/columns.ts';
import type { ExportFormat } from '../../../shared/contract/event-exports.ts';
import type { EventItem } from '../../../shared/contract/events.ts';
import type { Column } from '../../../shared/contract/views.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { csvHead, csvLine } from '../../../shared/exports/as-csv.ts';
import { eventAsCurl } from '../../../shared/exports/as-curl.ts';
import { harEntry, harHead, harTail } from '../../../shared/exports/as-har.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { getDelivery } from '../events/deliveries.ts';
import { type EventRow, eventColumns, eventTables, parseEventRow, toEventItem } from '../events/events.ts';
import { parseQueryOrThrow } from '../paging/page.ts';
import { pageBudgetMs, type Scan } from '../paging/scan.ts';
import { readEventRuns } from '../runs/event-runs.ts';
import { scanEvents } from './list-events.ts';

export interface ExportRequest {
  format: ExportFormat;
  query?: string | undefined;
  ids?: string[] | undefined;
  columns?: Column[] | undefined;
  cursor?: string | null | undefined;
  /** What deliveries were posted to. */
  receiverUrl: string;
  version: string;
  nowMs: number;
}

export interface ExportPiece {
  head: string;
  text: string;
  between: string;
  tail: string;
  events: number;
  skipped: number;
  nextCursor: string | null;
}

/** A piece ends at whichever comes first, so that neither memory nor other readers suffer. */
const most = { events: 2000, chars: 2 * 1024 * 1024 };
/** Rows read in one statement: a payload may be of megabytes. */
const rowsRead = 50;

/** A piece of a file of events; the next call goes on from its cursor. */
export function exportEvents(db: ReadableDb, request: ExportRequest, budgetMs = pageBudgetMs): ExportPiece {
  const form = forms[request.format](db, request);
  const scan =
    request.ids === undefined
      ? scanEvents(db, parseQueryOrThrow(request.query), request.nowMs)
      : ofIds(db, request.ids);
  const texts: string[] = [];
  const piece: ExportPiece = { ...form.around, text: '', events: 0, skipped: 0, nextCursor: null };
  if (scan === null) return piece;
  const endBy = performance.now() + budgetMs;
  let { below, lastDelivery } = readCursor(request.cursor, scan.top);
  let chars = 0;
  while (below > scan.floor) {
    const found = scan.next(below, rowsRead);
    for (const row of found.rows) {
      if (!scan.accepts(row)) continue;
      // Events of one delivery follow each other: its request is written once.
      const isRepeated = form.isOfDeliveries && row.delivery_seq !== null && row.delivery_seq === lastDelivery;
      const text = isRepeated ? '' : form.textOf(row);
      lastDelivery = row.delivery_seq;
      if (text === null) piece.skipped += 1;
      else piece.events += 1;
      if (text === null || text === '') continue;
      texts.push(text);
      chars += text.length;
    }
    if (found.scannedTo >= below) break;
    below = found.scannedTo;
    const isFull = piece.events >= most.events || chars >= most.chars || performance.now() > endBy;
    if (isFull && below > scan.floor) {
      piece.nextCursor = `${below}:${lastDelivery ?? ''}`;
      break;
    }
  }
  return { ...piece, text: texts.join(form.around.between) };
}

function readCursor(cursor: string | null | undefined, top: number): { below: number; lastDelivery: number | null } {
  const [, below, delivery] = /^(\d+):(\d*)$/.exec(cursor ?? '') ?? [];
  if (below === undefined) return { below: top, lastDelivery: null };
  return { below: Math.min(Number(below), top), lastDelivery: delivery === '' ? null : Number(delivery) };
}

function ofIds(db: ReadableDb, ids: string[]): Scan<EventRow> & { top: number } {
  const sql = `SELECT ${eventColumns} FROM json_each(?) s CROSS JOIN ${eventTables.replace('events e', 'events e ON e.id = s.value')}
    WHERE e.seq < ? ORDER BY e.seq DESC LIMIT ?`;
  const json = JSON.stringify(ids);
  return {
    next(below, limit) {
      const rows = statement(db, sql).all(json, below, limit).map(parseEventRow);
      const last = rows.at(-1);
      return { rows, scannedTo: rows.length === limit && last !== undefined ? last.seq : 0 };
    },
    seqOf: (row) => row.seq,
    accepts: () => true,
    floor: 0,
    top: Number.MAX_SAFE_INTEGER,
  };
}

interface Form {
  around: Pick<ExportPiece, 'head' | 'between' | 'tail'>;
  isOfDeliveries: boolean;
  /** Null: it cannot be written in this form. */
  textOf(row: EventRow): string | null;
}

const itemOf = (db: ReadableDb, row: EventRow): EventItem =>
  toEventItem(row, readEventRuns(db, [row.seq]).get(row.seq) ?? [], Number.POSITIVE_INFINITY);

function ofDelivery(
  db: ReadableDb,
  row: EventRow,
  write: (delivery: NonNullable<ReturnType<typeof getDelivery>>) => string,
) {
  const delivery = row.delivery_id === null ? null : getDelivery(db, row.delivery_id);
  return delivery === null || delivery.body.truncated ? null : write(delivery);
}

const forms: Readonly<Record<ExportFormat, (db: ReadableDb, request: ExportRequest) => Form>> = {
  jsonl: (db) => ({
    around: { head: '', between: '\n', tail: '\n' },
    isOfDeliveries: false,
    textOf: (row) => stringifyExact(itemOf(db, row)),
  }),
  csv(db, { columns = [...usualColumns] }) {
    return {
      around: { head: `${csvHead(columns)}\r\n`, between: '\r\n', tail: '\r\n' },
      isOfDeliveries: false,
      textOf: (row) => csvLine(itemOf(db, row), columns),
    };
  },
  har: (db, { receiverUrl, version }) => ({
    around: { head: harHead(version), between: ',\n', tail: harTail },
    isOfDeliveries: true,
    textOf: (row) => ofDelivery(db, row, (delivery) => harEntry(delivery, receiverUrl)),
  }),
  curl: (db, { receiverUrl }) => ({
    around: { head: '#!/bin/sh\n', between: '\n\n', tail: '\n' },
    isOfDeliveries: true,
    textOf: (row) =>
      ofDelivery(
        db,
        row,
        (delivery) => `# ${row.type.replace(/[^ -~]/g, '?')} ${row.id}\n${eventAsCurl(delivery, receiverUrl)}`,
      ),
  }),
};
