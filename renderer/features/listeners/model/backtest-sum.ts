import type { Output } from '../../../../shared/contract/index.ts';

export type BacktestPiece = Output<'listeners.backtest'>;

export interface Backtest extends Omit<BacktestPiece, 'cursor'> {
  /** All of the time window is tested. */
  isWhole: boolean;
}

export const sampleKinds = ['added', 'lost', 'kept'] as const;
export type SampleKind = (typeof sampleKinds)[number];

/** Kept of each kind. */
const maxSamples = 5;

/** The pieces so far with one more: they come newest first, so the samples kept are the newest. */
export function addPiece(sum: Backtest | null, { cursor, ...piece }: BacktestPiece): Backtest {
  const isWhole = cursor === null;
  if (sum === null) return { ...piece, isWhole };
  const joined = (kind: SampleKind) => [...sum.samples[kind], ...piece.samples[kind]].slice(0, maxSamples);
  return {
    tested: sum.tested + piece.tested,
    matched: sum.matched + piece.matched,
    added: sum.added + piece.added,
    lost: sum.lost + piece.lost,
    unreadable: sum.unreadable + piece.unreadable,
    samples: { kept: joined('kept'), added: joined('added'), lost: joined('lost') },
    progress: piece.progress,
    scannedTo: piece.scannedTo,
    isWhole,
  };
}
