import { useEffect, useRef, useState } from 'react';
import { useNowAs } from '../../browser/now.ts';
import { type AppError, onGap, onPush, type PushName, toAppError } from '../../client/index.ts';

/** Counts of one bucket by name, such as `total`. */
export type BucketCounts = Readonly<Record<string, number>>;

export interface Histogram {
  fromMs: number;
  toMs: number;
  bucketMs: number;
  /** By the time at which a bucket begins. */
  counts: ReadonlyMap<number, BucketCounts>;
  /** Whether all rows are counted. */
  isWhole: boolean;
}

export interface HistogramPiece {
  from: string;
  to: string;
  bucketMs: number;
  buckets: ({ at: string } & Record<string, number | string>)[];
  cursor: string | null;
}

export interface HistogramState {
  value: Histogram | null;
  error: AppError | null;
}

/** Changes that keep coming are counted at most this often, and counting takes at most a twentieth of the time. */
const leastRestMs = 1500;
const restFactor = 20;

/**
 * Counts of what a query finds, over time. The first count is shown piece by piece; a recount replaces it once it is
 * complete. Counts again when `signature` changes, after the named pushes, and each minute.
 */
export function useHistogram(
  signature: string,
  fetch: (cursor: string | null) => Promise<HistogramPiece>,
  reloadOn: readonly PushName[],
): HistogramState {
  const [held, setHeld] = useState<{ signature: string } & HistogramState>({ signature, value: null, error: null });
  const latest = useRef(fetch);
  latest.current = fetch;
  const pushes = reloadOn.join(' ');
  // The last bucket moves on even without changes.
  const minute = useNowAs(60_000, (nowMs) => Math.floor(nowMs / 60_000));
  const wake = useRef<() => void>(() => undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `signature` identifies what is fetched, `pushes` the list
  useEffect(() => {
    let isCurrent = true;
    let isCounting = false;
    let isStale = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let restMs = leastRestMs;

    const count = async (): Promise<void> => {
      isCounting = true;
      isStale = false;
      const startedMs = performance.now();
      try {
        await collect(
          latest.current,
          () => isCurrent,
          (value) => {
            setHeld((before) =>
              value.isWhole || before.signature !== signature || before.value?.isWhole !== true
                ? { signature, value, error: null }
                : before,
            );
          },
        );
      } catch (error) {
        if (isCurrent)
          setHeld((before) => ({
            signature,
            value: before.signature === signature ? before.value : null,
            error: toAppError(error),
          }));
      }
      restMs = Math.max(leastRestMs, restFactor * (performance.now() - startedMs));
      isCounting = false;
      if (isStale && isCurrent) later();
    };
    const later = (): void => {
      isStale = true;
      if (isCounting || timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        void count();
      }, restMs);
    };
    wake.current = later;
    void count();
    const stops = [onGap(later), ...reloadOn.map((push) => onPush(push, later))];
    return () => {
      isCurrent = false;
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [signature, pushes]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each minute asks for a count
  useEffect(() => wake.current(), [minute]);

  return held.signature === signature ? held : { value: null, error: null };
}

async function collect(
  fetch: (cursor: string | null) => Promise<HistogramPiece>,
  isWanted: () => boolean,
  show: (value: Histogram) => void,
): Promise<void> {
  const counts = new Map<number, Record<string, number>>();
  let cursor: string | null = null;
  do {
    const piece: HistogramPiece = await fetch(cursor);
    if (!isWanted()) return;
    for (const { at, ...numbers } of piece.buckets) {
      const sum = counts.get(Date.parse(at)) ?? {};
      for (const [name, n] of Object.entries(numbers)) sum[name] = (sum[name] ?? 0) + Number(n);
      counts.set(Date.parse(at), sum);
    }
    cursor = piece.cursor;
    const frame = { fromMs: Date.parse(piece.from), toMs: Date.parse(piece.to), bucketMs: piece.bucketMs };
    show({ ...frame, counts: new Map(counts), isWhole: cursor === null });
  } while (cursor !== null);
}
