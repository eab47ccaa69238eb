import { useCallback, useEffect, useRef, useState } from 'react';
import { collectPages } from '../../../shared/collect-pages.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import {
  type AppError,
  type CallInput,
  type CallName,
  call,
  type Output,
  onGap,
  onPush,
  type PushName,
  type PushValue,
  toAppError,
} from '../../client/index.ts';

export interface CallState<T> {
  value: T | undefined;
  error: AppError | null;
  loading: boolean;
  reload: () => void;
  setValue: (value: T) => void;
}

interface Held<T> {
  signature: string;
  value: T | undefined;
  error: AppError | null;
  loading: boolean;
}

/** Pushes come up to ten times a second; a reload is not worth more than two. */
const defaultReloadDelayMs = 400;
/** For sums over much history. */
export const statisticsDelayMs = 5000;

/** Equal for equal inputs alone: a number that a double cannot hold differs from the text of its digits. */
export const inputSignature = (input: object): string => stringifyExact(input);

interface Freshness {
  reloadOn?: readonly PushName[];
  /** Between a push and the reload; longer for what costs more to answer than it is worth at each push. */
  reloadDelayMs?: number;
  keep?: boolean;
}

/**
 * The answer to a call, kept fresh: fetched again when pushes were lost and after the named pushes. A reload keeps the
 * value on show. `null` as input means: not yet. With `keep` the former input's value stays until the new one is there.
 */
export const useCall = <N extends CallName>(
  name: N,
  input: CallInput<N> | null,
  options: Freshness = {},
): CallState<Output<N>> =>
  useFetched(input === null ? '' : `${name} ${inputSignature(input)}`, input && (() => call(name, input)), options);

/**
 * The first `count` rows of a list, kept fresh like the answer to a call: a page may end early and go on, so one call
 * does not say that there are no more. `signature` stands for what `fetchPage` asks for.
 */
export const useRows = <Row>(
  signature: string,
  fetchPage: Parameters<typeof collectPages<Row>>[0],
  count: number,
  options: Freshness = {},
): CallState<Row[]> => useFetched(`${count} ${signature}`, () => collectPages(fetchPage, count), options);

/** `signature` is empty without a `fetch`. */
function useFetched<T>(signature: string, fetch: (() => Promise<T>) | null, options: Freshness): CallState<T> {
  const [held, setHeld] = useState<Held<T>>({ signature, value: undefined, error: null, loading: fetch !== null });
  const [round, setRound] = useState(0);
  const latestFetch = useRef(fetch);
  latestFetch.current = fetch;
  const keep = options.keep === true;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `signature` stands for what is fetched, `round` asks for another fetch
  useEffect(() => {
    const fetchNow = latestFetch.current;
    if (fetchNow === null) {
      setHeld({ signature, value: undefined, error: null, loading: false });
      return;
    }
    let isCurrent = true;
    setHeld((before) => ({
      signature,
      value: keep || before.signature === signature ? before.value : undefined,
      error: before.signature === signature ? before.error : null,
      loading: true,
    }));
    fetchNow().then(
      (value) => isCurrent && setHeld({ signature, value, error: null, loading: false }),
      (error: unknown) => isCurrent && setHeld((before) => ({ ...before, error: toAppError(error), loading: false })),
    );
    return () => {
      isCurrent = false;
    };
  }, [signature, round, keep]);

  const reload = useCallback(() => setRound((n) => n + 1), []);
  const setValue = useCallback((value: T) => setHeld((before) => ({ ...before, value, error: null })), []);

  const pushNames = (options.reloadOn ?? []).join(' ');
  const { reloadDelayMs = defaultReloadDelayMs } = options;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `pushNames` stands for the list, which is made anew at every render
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        reload();
      }, reloadDelayMs);
    };
    const stops = [onGap(later), ...(options.reloadOn ?? []).map((push) => onPush(push, later))];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [pushNames, reload, reloadDelayMs]);

  // In the render that changes the input the old answer must not flash.
  const isStale = held.signature !== signature;
  return {
    value: isStale && !keep ? undefined : held.value,
    error: isStale ? null : held.error,
    loading: isStale ? fetch !== null : held.loading,
    reload,
    setValue,
  };
}

export function usePush<N extends PushName>(name: N, listener: (value: PushValue<N>) => void): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => onPush(name, (value) => latest.current(value)), [name]);
}
