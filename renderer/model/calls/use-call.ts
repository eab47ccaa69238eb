import { useCallback, useEffect, useRef, useState } from 'react';
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
const reloadDelayMs = 400;

/** Equal for equal inputs alone: a number that a double cannot hold differs from the text of its digits. */
export const inputSignature = (input: object): string => stringifyExact(input);

/**
 * The answer to a call, kept fresh: fetched again when pushes were lost and after the named pushes. A reload keeps the
 * value on show. `null` as input means: not yet. With `keep` the former input's value stays until the new one is there.
 */
export function useCall<N extends CallName>(
  name: N,
  input: CallInput<N> | null,
  options: { reloadOn?: readonly PushName[]; keep?: boolean } = {},
): CallState<Output<N>> {
  const signature = input === null ? '' : inputSignature(input);
  const [held, setHeld] = useState<Held<Output<N>>>({
    signature,
    value: undefined,
    error: null,
    loading: input !== null,
  });
  const [round, setRound] = useState(0);
  const latestInput = useRef(input);
  latestInput.current = input;
  const keep = options.keep === true;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `signature` stands for the input, `round` asks for another fetch
  useEffect(() => {
    const asked = latestInput.current;
    if (asked === null) {
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
    call(name, asked).then(
      (value) => isCurrent && setHeld({ signature, value, error: null, loading: false }),
      (error: unknown) => isCurrent && setHeld((before) => ({ ...before, error: toAppError(error), loading: false })),
    );
    return () => {
      isCurrent = false;
    };
  }, [name, signature, round, keep]);

  const reload = useCallback(() => setRound((n) => n + 1), []);
  const setValue = useCallback((value: Output<N>) => setHeld((before) => ({ ...before, value, error: null })), []);

  const pushNames = (options.reloadOn ?? []).join(' ');
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
  }, [pushNames, reload]);

  // In the render that changes the input the old answer must not flash.
  const isStale = held.signature !== signature;
  return {
    value: isStale && !keep ? undefined : held.value,
    error: isStale ? null : held.error,
    loading: isStale ? input !== null : held.loading,
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
