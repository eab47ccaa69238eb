import { z } from 'zod';
import {
  compileListenerTest,
  type ListenerTest,
  type TestedListener,
} from '../../../shared/conditions/evaluate/listener-test.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { emptyQuery } from '../../../shared/query/query.ts';
import type { ReadableDb } from '../database/open.ts';
import { isoTime } from '../database/times.ts';
import { pageBudgetMs } from '../paging/scan.ts';
import { seqRange, timeAtSeq } from '../paging/time-bounds.ts';
import {
  admittedTypes,
  type BacktestRow,
  idOf,
  partsOf,
  rowsOfTypes,
  StoredInput,
  type StoredType,
  typeReader,
  UnreadableEvent,
} from './backtest-events.ts';

export interface BacktestRequest {
  draft: TestedListener;
  /** The saved definition; null: there is none, and nothing counts as lost. */
  saved: TestedListener | null;
  /** Null: all stored events. */
  afterMs: number | null;
  cursor?: string | null | undefined;
  nowMs: number;
}

export type BacktestPiece = Output<'listeners.backtest'>;

const maxSamples = 5;

/** What is tested: seqs from `floor` up to `top`, excluded, received since `afterMs`. All below `below` is left. */
interface Window {
  floor: number;
  top: number;
  afterMs: number;
  below: number;
}

/** Runs a draft and its saved version over stored events, newest first, for one turn of the read worker. */
export function backtest(db: ReadableDb, request: BacktestRequest, budgetMs = pageBudgetMs): BacktestPiece {
  const endBy = performance.now() + budgetMs;
  const window = readCursor(request.cursor) ?? chooseWindow(db, request);
  const now = compileListenerTest(request.draft);
  const saved = request.saved === null ? null : compileListenerTest(request.saved);
  const admitted = admission(now, saved);
  const next = rowsOfTypes(
    db,
    admittedTypes(db, (type) => admitted(type).some(Boolean)),
    partsOf([request.draft.where, ...(request.saved === null ? [] : [request.saved.where])]),
  );
  const typeOf = typeReader(db);
  const piece = emptyPiece();
  let { below } = window;
  while (below > window.floor) {
    const { rows, scannedTo } = next(below, window.floor, window.afterMs);
    for (const row of rows) {
      const type = typeOf(row.type_id);
      const [isNow, isSaved] = admitted(type);
      if (!isNow && !isSaved) continue;
      const event = new StoredInput(db, row, type);
      try {
        note(db, piece, row, type, isNow && now.passes(event), isSaved && saved?.passes(event) === true);
      } catch (error) {
        if (!(error instanceof UnreadableEvent)) throw error;
        piece.tested += 1;
        piece.unreadable += 1;
      }
    }
    below = scannedTo;
    if (performance.now() > endBy) break;
  }
  const isDone = below <= window.floor;
  const at = timeAtSeq(db, 'events', Math.max(below, window.floor));
  return {
    ...piece,
    progress: isDone ? 1 : (window.top - below) / (window.top - window.floor),
    scannedTo: at === null ? null : isoTime(Math.max(at, window.afterMs)),
    cursor: isDone ? null : JSON.stringify([window.floor, window.top, window.afterMs, below]),
  };
}

function chooseWindow(db: ReadableDb, { afterMs, nowMs }: BacktestRequest): Window {
  const after = afterMs === null ? {} : { after: { kind: 'at' as const, text: '', atMs: afterMs } };
  const { floor, top } = seqRange(db, 'events', { ...emptyQuery(), ...after }, nowMs);
  return { floor: floor + 1, top, afterMs: afterMs ?? 0, below: top };
}

/** Whether the draft and the saved definition take a type; worked out once for each. */
function admission(now: ListenerTest, saved: ListenerTest | null): (type: StoredType) => readonly [boolean, boolean] {
  const known = new Map<string, readonly [boolean, boolean]>();
  return ({ source, type }) => {
    const key = `${source}\n${type}`;
    const found = known.get(key) ?? ([now.admits(source, type), saved?.admits(source, type) === true] as const);
    known.set(key, found);
    return found;
  };
}

const emptyPiece = (): Omit<BacktestPiece, 'progress' | 'scannedTo' | 'cursor'> => ({
  tested: 0,
  matched: 0,
  added: 0,
  lost: 0,
  unreadable: 0,
  samples: { kept: [], added: [], lost: [] },
});

function note(
  db: ReadableDb,
  piece: ReturnType<typeof emptyPiece>,
  { seq, received_at }: BacktestRow,
  { source, type }: StoredType,
  isMatched: boolean,
  wasMatched: boolean,
): void {
  piece.tested += 1;
  if (!isMatched && !wasMatched) return;
  if (isMatched) piece.matched += 1;
  const kind = isMatched ? (wasMatched ? 'kept' : 'added') : 'lost';
  if (kind !== 'kept') piece[kind] += 1;
  const samples = piece.samples[kind];
  if (samples.length < maxSamples) samples.push({ id: idOf(db, seq), type, source, receivedAt: isoTime(received_at) });
}

const cursorSchema = z.tuple([z.int(), z.int(), z.int(), z.int()]);

/** Null for none, and for a text that is no cursor: testing begins anew. */
function readCursor(cursor: string | null | undefined): Window | null {
  if (cursor === null || cursor === undefined) return null;
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(cursor));
    if (!parsed.success) return null;
    const [floor, top, afterMs, below] = parsed.data;
    return { floor, top, afterMs, below: Math.min(below, top) };
  } catch {
    return null;
  }
}
