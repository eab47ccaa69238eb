import { useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../../shared/contract/errors.ts';
import { toAppError } from '../../../errors/app-error.ts';

interface Piece {
  events: number;
  nextCursor: string | null;
  scannedTo?: string | null | undefined;
}

export interface Pieces<T> {
  value: T;
  /** Matching events that were read. */
  events: number;
  scannedTo: string | null;
  isReading: boolean;
  /** There are more matching events than were read. */
  isMore: boolean;
  error: AppError | null;
  /** Reads as many again. */
  readOn: () => void;
  /** Reads from the newest event again. */
  reload: () => void;
}

/** Read without being asked; sorting a million events takes minutes, and most look at the newest. */
const readAtFirst = 100_000;

/** Merges an answer that comes in pieces. `signature` stands for what is asked; another one begins anew. */
export function usePieces<P extends Piece, T>(
  signature: string,
  fetchPiece: (cursor: string | null) => Promise<P>,
  empty: T,
  merge: (value: T, piece: P) => T,
): Pieces<T> {
  const none = {
    value: empty,
    events: 0,
    scannedTo: null,
    cursor: null as string | null,
    isReading: true,
    error: null,
  };
  const [state, setState] = useState<Omit<Pieces<T>, 'isMore' | 'readOn' | 'reload'> & { cursor: string | null }>(none);
  const [round, setRound] = useState({ signature, from: null as string | null });
  const latest = useRef({ fetchPiece, merge, empty });
  latest.current = { fetchPiece, merge, empty };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `signature` stands for what is asked, the round says when to read on
  useEffect(() => {
    let isCurrent = true;
    const read = async (): Promise<void> => {
      let cursor = round.signature === signature ? round.from : null;
      let left = readAtFirst;
      if (cursor === null) setState({ ...none, value: latest.current.empty });
      else setState((before) => ({ ...before, isReading: true, error: null }));
      while (left > 0) {
        const piece = await latest.current.fetchPiece(cursor);
        if (!isCurrent) return;
        left -= piece.events;
        cursor = piece.nextCursor;
        setState((before) => ({
          value: latest.current.merge(before.value, piece),
          events: before.events + piece.events,
          scannedTo: piece.scannedTo ?? null,
          cursor: piece.nextCursor,
          isReading: piece.nextCursor !== null && left > 0,
          error: null,
        }));
        if (cursor === null) return;
      }
    };
    read().catch((error: unknown) => {
      if (isCurrent) setState((before) => ({ ...before, isReading: false, error: toAppError(error) }));
    });
    return () => {
      isCurrent = false;
    };
  }, [signature, round]);

  const { cursor, ...shown } = state;
  return {
    ...shown,
    isMore: cursor !== null,
    readOn: () => setRound({ signature, from: cursor }),
    reload: () => setRound({ signature, from: null }),
  };
}
