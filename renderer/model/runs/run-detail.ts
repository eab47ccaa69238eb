import { useEffect, useRef } from 'react';
import type { Run, RunDetail } from '../../../shared/contract/runs.ts';
import { onPush } from '../../client/index.ts';
import { type CallState, useCall } from '../calls/use-call.ts';
import { isFinished } from './runs-filter.ts';

/** A pushed run over the detail on show. `isEnough` is false when history, annotations or causes may have grown with it. */
export function mergeRun(detail: RunDetail, run: Run): { detail: RunDetail; isEnough: boolean } {
  return {
    detail: { ...detail, ...run },
    // A run that has ended is pushed again when something was added to it, as what it had left running.
    isEnough: run.state === detail.state && run.attempt === detail.attempt && !isFinished(run.state),
  };
}

/** One run with its history, following what is pushed about it; null: none. */
export function useRunDetail(id: string | null): CallState<RunDetail> {
  const got = useCall('runs.get', id === null ? null : { id });
  const { value, setValue, reload } = got;
  // Several pushes may come before the next render: each builds on the one before.
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  useEffect(() => {
    const change = (next: RunDetail): void => {
      latest.current = next;
      setValue(next);
    };
    const stops = [
      onPush('runs.changed', ({ items }) => {
        let isEnough = true;
        for (const run of items) {
          const detail = latest.current;
          if (detail === undefined) return;
          // A retry of this one adds to its `retriedBy`.
          if (run.retryOf === detail.id && !detail.retriedBy.includes(run.id)) isEnough = false;
          if (run.id !== detail.id) continue;
          const merged = mergeRun(detail, run);
          change(merged.detail);
          isEnough = isEnough && merged.isEnough;
        }
        if (!isEnough) reload();
      }),
      onPush('runs.progressed', ({ items }) => {
        const detail = latest.current;
        const last = items.findLast((item) => item.id === detail?.id);
        if (detail !== undefined && last !== undefined)
          change({ ...detail, progress: last.progress, steps: last.steps === undefined ? detail.steps : last.steps });
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [setValue, reload]);
  return got;
}
