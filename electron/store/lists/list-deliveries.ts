import type { Delivery } from '../../../shared/contract/deliveries.ts';
import type { Query } from '../../../shared/query/query.ts';
import { tokenize } from '../../../shared/query/tokenize.ts';
import type { ReadableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { deliveryColumns, isRefusedRow, isTriedRow, toDelivery } from '../events/deliveries.ts';
import { type Page, type PageRequest, parseQueryOrThrow } from '../paging/page.ts';
import { collectPage, parseCursor, type Scan } from '../paging/scan.ts';
import { addClause, addListTerm, emptyWhere, placeholders, type Where, whereText } from '../paging/sql-where.ts';
import { addTimeBounds, scannedTime, seqRange } from '../paging/time-bounds.ts';

export interface DeliveryPageRequest extends PageRequest {
  source?: string | undefined;
  result?: Delivery['result'] | undefined;
}

type DeliveryRow = Delivery & { seq: number };

const windowRows = 4000;

/** Deliveries newest first; of the query language `source:`, `is:`, `id:`, `after:`, `before:` and words apply. */
export function listDeliveries(db: ReadableDb, request: DeliveryPageRequest): Page<Delivery> {
  const query = parseQueryOrThrow(request.query);
  const range = seqRange(db, 'deliveries', query, request.nowMs);
  if (range.top === 0) return { items: [], nextCursor: null, scannedTo: null };
  const where = whereOf(request, query);
  addTimeBounds(where, 'received_at', range);
  // With a source SQLite walks that source's own index; without one, a bounded window of all.
  const isIndexed = request.source !== undefined || request.result === 'refused' || request.result === 'tried';
  const sql = `SELECT ${deliveryColumns} FROM deliveries
    WHERE seq < ? AND seq >= ? AND ${whereText(where)} ORDER BY seq DESC LIMIT ?`;
  const scan: Scan<DeliveryRow> = {
    next: (below, limit) => {
      const from = isIndexed ? range.floor + 1 : Math.max(range.floor + 1, below - Math.max(windowRows, limit));
      const rows = statement(db, sql)
        .all(below, from, ...where.values, limit)
        .map(toDelivery);
      const last = rows.at(-1);
      return { rows, scannedTo: rows.length === limit && last !== undefined ? last.seq : from };
    },
    seqOf: (row) => row.seq,
    accepts: hasWords(query),
    floor: range.floor,
  };
  const { rows, cursor } = collectPage(scan, parseCursor(request.cursor, range.top), request.limit);
  return {
    items: rows.map(({ seq: _seq, ...delivery }) => delivery),
    nextCursor: cursor === null ? null : String(cursor),
    scannedTo: scannedTime(db, 'deliveries', cursor),
  };
}

const isResult: Readonly<Record<Delivery['result'], string>> = {
  accepted: "(result = 'accepted')",
  duplicate: "(result = 'duplicate')",
  refused: isRefusedRow,
  tried: isTriedRow,
};

function whereOf(request: DeliveryPageRequest, query: Query): Where {
  const where = emptyWhere();
  if (request.source !== undefined) addClause(where, 'source = ?', request.source);
  if (request.result !== undefined) addClause(where, isResult[request.result]);
  for (const term of query.sources) addListTerm(where, "ifnull(source, '')", term);
  for (const term of query.ids) {
    addClause(where, `id ${term.negated ? 'NOT ' : ''}IN (${placeholders(term.values.length)})`, ...term.values);
  }
  for (const { flag, negated } of query.is) {
    if (flag === 'accepted' || flag === 'duplicate' || flag === 'refused') {
      addClause(where, `${negated ? 'NOT ' : ''}${isResult[flag]}`);
    }
  }
  return where;
}

/** Words are looked for in the address, the reason and the sender's address. */
function hasWords(query: Query): (row: DeliveryRow) => boolean {
  if (query.text.length === 0) return () => true;
  const wanted = query.text.map((term) => ({ words: tokenize(term.phrase).join(' '), negated: term.negated }));
  return (row) => {
    const text = [row.url, row.remoteAddress, row.contentType, row.reason?.code, row.reason?.message, row.id].join(
      '\n',
    );
    const words = ` ${tokenize(text).join(' ')} `;
    return wanted.every((term) => words.includes(` ${term.words}`) !== term.negated);
  };
}
