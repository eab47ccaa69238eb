import { type ConditionInput, type Conditions, isLeaf } from '../../../shared/conditions/tree.ts';
import type { ReadableDb } from '../database/open.ts';
import { prepared, statement } from '../database/statements.ts';
import { storageFault } from '../database/storage-errors.ts';
import { readDeliveryHeaders } from '../events/deliveries.ts';
import { listEventTypes } from '../events/event-types.ts';
import { parseStoredJson } from '../events/events.ts';

/** What conditions need of a stored event. */
export interface BacktestRow {
  seq: number;
  type_id: number;
  received_at: number;
  delivery_seq: number | null;
  context: string;
  payload: string;
}

/** The parts of an event that conditions look at; others are not read, and empty. */
export interface ReadParts {
  context: boolean;
  payload: boolean;
}

/** Which parts these conditions look at. */
export function partsOf(trees: readonly Conditions[]): ReadParts {
  const roots = new Set<string>();
  const left = [...trees];
  for (let tree = left.pop(); tree !== undefined; tree = left.pop()) {
    if (isLeaf(tree)) roots.add(tree.field.split('.', 1)[0] ?? '');
    else left.push(...('not' in tree ? [tree.not] : 'all' in tree ? tree.all : tree.any));
  }
  // A filter of Flatfile looks at the whole event.
  const isWhole = roots.has('event');
  return { context: isWhole || roots.has('context'), payload: isWhole || roots.has('payload') };
}

const windowOf = 'seq < ? AND seq >= ? AND received_at >= ?';

/** `+`: the order of the table is kept, which an index by type would not have. */
const wheres = {
  ofAll: windowOf,
  ofTypes: `${windowOf} AND +type_id IN (SELECT value FROM json_each(?))`,
  bySeqs: 'seq IN (SELECT value FROM json_each(?)) AND received_at >= ?',
};

const select = ({ context, payload }: ReadParts, where: string) =>
  prepared<BacktestRow>(
    `SELECT seq, type_id, received_at, delivery_seq, ${context ? 'context' : "'' AS context"},
       ${payload ? 'payload' : "'' AS payload"} FROM events WHERE ${where} ORDER BY seq DESC`,
  );

const statementsOf = (parts: ReadParts) => ({
  ofAll: select(parts, wheres.ofAll),
  ofTypes: select(parts, wheres.ofTypes),
  bySeqs: select(parts, wheres.bySeqs),
});

/** By what is read: context, payload. */
const statements = {
  neither: statementsOf({ context: false, payload: false }),
  context: statementsOf({ context: true, payload: false }),
  payload: statementsOf({ context: false, payload: true }),
  both: statementsOf({ context: true, payload: true }),
};

const statementsFor = ({ context, payload }: ReadParts) =>
  statements[context ? (payload ? 'both' : 'context') : payload ? 'payload' : 'neither'];

const idBySeq = prepared<{ id: string }>('SELECT id FROM events WHERE seq = ?');

export const idOf = (db: ReadableDb, seq: number): string => idBySeq(db).get(seq)?.id ?? '';

/** Rows read before the clock is looked at. */
const pieceRows = 400;
/** Beyond this many types, walking each type's own index is slower than walking all events. */
const maxMergedTypes = 64;

export type NextRows = (below: number, floor: number, afterMs: number) => { rows: BacktestRow[]; scannedTo: number };

/** Reads events of these types (null: of all types), newest first, in bounded pieces. */
export function rowsOfTypes(db: ReadableDb, typeIds: readonly number[] | null, parts: ReadParts): NextRows {
  const { ofAll, ofTypes, bySeqs } = statementsFor(parts);
  if (typeIds !== null && typeIds.length <= maxMergedTypes) {
    const branch =
      'SELECT * FROM (SELECT seq FROM events WHERE type_id = ? AND seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?)';
    const sql = `${typeIds.map(() => branch).join(' UNION ALL ')} ORDER BY 1 DESC LIMIT ?`;
    return (below, floor, afterMs) => {
      if (typeIds.length === 0) return { rows: [], scannedTo: floor };
      const found = statement(db, sql).all(...typeIds.flatMap((id) => [id, below, floor, pieceRows]), pieceRows);
      const seqs = found.map((row) => seqOf(row));
      const rows = bySeqs(db).all(JSON.stringify(seqs), afterMs);
      return { rows, scannedTo: seqs.length < pieceRows ? floor : (seqs.at(-1) ?? floor) };
    };
  }
  const ids = typeIds === null ? null : JSON.stringify(typeIds);
  return (below, floor, afterMs) => {
    const from = Math.max(floor, below - pieceRows);
    const rows = ids === null ? ofAll(db).all(below, from, afterMs) : ofTypes(db).all(below, from, afterMs, ids);
    return { rows, scannedTo: from };
  };
}

function seqOf(row: unknown): number {
  if (typeof row === 'object' && row !== null && 'seq' in row && typeof row.seq === 'number') return row.seq;
  throw new TypeError('the store gave a row without a seq');
}

export interface StoredType {
  source: string;
  system: string;
  type: string;
}

const typeById = prepared<StoredType>('SELECT source, system, type FROM event_types WHERE id = ?');
/** Beyond this many the types are read as their events come. */
const maxListedTypes = 5000;

/** Ids of all types that `admits` lets through; null when there are too many types to list. */
export function admittedTypes(db: ReadableDb, admits: (type: StoredType) => boolean): number[] | null {
  const types = listEventTypes(db, maxListedTypes + 1);
  return types.length > maxListedTypes ? null : types.filter(admits).map(({ id }) => id);
}

/** Looks each type up once. */
export function typeReader(db: ReadableDb): (id: number) => StoredType {
  const known = new Map<number, StoredType>();
  return (id) => {
    const found = known.get(id) ?? typeById(db).get(id);
    if (found === undefined) throw new Error(`the event type ${id} is missing in the store`);
    known.set(id, found);
    return found;
  };
}

/** An event as conditions see it, parsed where they look, and once for all that look. */
export class StoredInput implements ConditionInput {
  readonly source: string;
  readonly system: string;
  readonly type: string;
  readonly #db: ReadableDb;
  readonly #row: BacktestRow;
  #context: unknown;
  #payload: unknown;
  #headers: Record<string, string> | undefined;

  constructor(db: ReadableDb, row: BacktestRow, { source, system, type }: StoredType) {
    this.#db = db;
    this.#row = row;
    this.source = source;
    this.system = system;
    this.type = type;
  }

  get context(): unknown {
    if (this.#context === undefined) this.#context = parsed(this.#row.context);
    return this.#context;
  }

  get payload(): unknown {
    if (this.#payload === undefined) this.#payload = parsed(this.#row.payload);
    return this.#payload;
  }

  get headers(): Record<string, string> {
    const { delivery_seq: seq } = this.#row;
    this.#headers ??= seq === null ? {} : headersOf(this.#db, seq);
    return this.#headers;
  }
}

/** A part of a stored event is damaged. */
export class UnreadableEvent extends Error {}

function parsed(text: string): unknown {
  try {
    return parseStoredJson(text);
  } catch (error) {
    throw new UnreadableEvent('not JSON', { cause: error });
  }
}

function headersOf(db: ReadableDb, seq: number): Record<string, string> {
  try {
    return readDeliveryHeaders(db, seq);
  } catch (error) {
    if (storageFault(error) !== null) throw error;
    throw new UnreadableEvent('headers cannot be read', { cause: error });
  }
}
