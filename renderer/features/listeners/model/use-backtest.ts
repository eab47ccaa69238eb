import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallInput } from '../../../../shared/contract/index.ts';
import { type AppError, call, toAppError } from '../../../client/index.ts';
import { addPiece, type Backtest, type BacktestPiece } from './backtest-sum.ts';

export const backtestWindows = [
  { value: '24h', label: '24 h', ms: 24 * 3_600_000 },
  { value: '7d', label: '7 d', ms: 7 * 24 * 3_600_000 },
  { value: 'all', label: 'All', ms: null },
] as const;
export type BacktestWindow = (typeof backtestWindows)[number]['value'];

export interface BacktestState {
  /** Of what is tested now; the former result until the first piece has arrived. */
  value: Backtest | null;
  error: AppError | null;
  phase: 'waiting' | 'running' | 'stopped' | 'done' | 'failed';
  window: BacktestWindow;
  setWindow: (window: BacktestWindow) => void;
  stop: () => void;
  restart: () => void;
}

/** The window stays while one goes from listener to listener. */
let lastWindow: BacktestWindow = '24h';

/**
 * Runs a draft over the stored events of a time window whenever `signature` changes, in pieces: what it has found so far
 * is shown, and a change or `stop` ends it with the piece under way.
 */
export function useBacktest(
  listener: CallInput<'listeners.backtest'>['listener'] | null,
  signature: string,
): BacktestState {
  const [window, setWindow] = useState<BacktestWindow>(lastWindow);
  const [round, setRound] = useState(0);
  const [held, setHeld] = useState<Pick<BacktestState, 'value' | 'error' | 'phase'>>({
    value: null,
    error: null,
    phase: 'waiting',
  });
  const latest = useRef(listener);
  latest.current = listener;
  const stopping = useRef<() => void>(() => undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `signature` stands for the listener, `round` asks for another test
  useEffect(() => {
    const tested = latest.current;
    if (tested === null) return;
    let isCurrent = true;
    const ms = backtestWindows.find(({ value }) => value === window)?.ms ?? null;
    const after = ms === null ? {} : { after: new Date(Date.now() - ms).toISOString() };
    const run = async (): Promise<void> => {
      let sum: Backtest | null = null;
      let cursor: string | null = null;
      do {
        const piece: BacktestPiece = await call('listeners.backtest', { listener: tested, ...after, cursor });
        if (!isCurrent) return;
        sum = addPiece(sum, piece);
        cursor = piece.cursor;
        setHeld({ value: sum, error: null, phase: cursor === null ? 'done' : 'running' });
      } while (cursor !== null);
    };
    setHeld((before) => ({ ...before, error: null, phase: 'running' }));
    run().catch((error: unknown) => {
      if (isCurrent) setHeld((before) => ({ ...before, error: toAppError(error), phase: 'failed' }));
    });
    stopping.current = () => {
      isCurrent = false;
      setHeld((before) => (before.phase === 'running' ? { ...before, phase: 'stopped' } : before));
    };
    return () => {
      isCurrent = false;
    };
  }, [signature, window, round]);

  return {
    ...held,
    window,
    setWindow: useCallback((next) => {
      lastWindow = next;
      setWindow(next);
    }, []),
    stop: useCallback(() => stopping.current(), []),
    restart: useCallback(() => setRound((n) => n + 1), []),
  };
}
