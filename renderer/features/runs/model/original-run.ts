import type { EventDetail } from '../../../../shared/contract/events.ts';
import type { Run, RunDetail } from '../../../../shared/contract/runs.ts';
import { useCall } from '../../../model/calls/use-call.ts';

export interface OriginalRun {
  /** Why there is one to compare with. */
  kind: 'retry' | 'replay';
  run: RunDetail;
  /** The event that was replayed; of a retry it is the same event, and null here. */
  event: EventDetail | null;
}

/** Of the replayed event's runs, the latest that did the same: same listener, else same job. */
export function sameRunOf(run: Pick<Run, 'listener' | 'job'>, runs: EventDetail['runs']): string | null {
  const newestFirst = [...runs].sort((a, b) => (a.id < b.id ? 1 : -1));
  const same =
    newestFirst.find((one) => one.listener === run.listener && one.job === run.job) ??
    newestFirst.find((one) => one.job === run.job);
  return same?.id ?? null;
}

/** The run that this one repeats: the one it retries, or the one of the event that was replayed. Null: none, or not known yet. */
export function useOriginalRun(run: RunDetail, event: EventDetail | undefined): OriginalRun | null {
  const replayOf = run.retryOf === null ? (event?.replayOf ?? null) : null;
  const originalEvent = useCall('events.get', replayOf === null ? null : { id: replayOf });
  const replayedRun = originalEvent.value === undefined ? null : sameRunOf(run, originalEvent.value.runs);
  const id = run.retryOf ?? replayedRun;
  const original = useCall('runs.get', id === null ? null : { id });
  if (original.value === undefined) return null;
  return run.retryOf !== null
    ? { kind: 'retry', run: original.value, event: null }
    : { kind: 'replay', run: original.value, event: originalEvent.value ?? null };
}
