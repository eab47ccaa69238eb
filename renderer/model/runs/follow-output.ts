import { useEffect, useState } from 'react';
import type { Output } from '../../../shared/contract/index.ts';
import type { OutputLine, Run } from '../../../shared/contract/runs.ts';
import { type AppError, call, onGap, onPush, toAppError } from '../../client/index.ts';
import { emptyOutput, expectSnapshot, type RunOutput, takeLive, takeSnapshot } from './run-output.ts';
import { isFinished } from './runs-filter.ts';

export interface LiveOutput {
  output: RunOutput;
  error: AppError | null;
  reload: () => void;
}

interface Follower {
  reload: () => void;
  stop: () => void;
}

/** Everything that is kept of an attempt, page by page; null once it is no longer wanted. */
async function fetchPages(
  { id, attempt }: { id: string; attempt: number },
  isWanted: () => boolean,
): Promise<{ items: OutputLine[]; truncated: boolean } | null> {
  const items: OutputLine[] = [];
  let truncated = false;
  let after: number | null = null;
  do {
    const page: Output<'runs.output'> = await call('runs.output', {
      id,
      attempt: Math.max(1, attempt),
      ...(after === null ? {} : { after }),
    });
    for (const line of page.items) items.push(line);
    truncated ||= page.truncated;
    after = page.next;
    if (!isWanted()) return null;
  } while (after !== null);
  return { items, truncated };
}

/**
 * Follows one attempt's output: listens first and fetches then, so that no line falls between. Lost pushes are made up
 * for by fetching again.
 */
export function followOutput(
  run: { id: string; attempt: number },
  show: (change: (output: RunOutput) => RunOutput) => void,
  fail: (error: AppError | null) => void,
): Follower {
  let round = 0;
  const fetchSnapshot = (): void => {
    round += 1;
    const mine = round;
    show(expectSnapshot);
    fetchPages(run, () => mine === round).then(
      (snapshot) => {
        if (snapshot === null || mine !== round) return;
        fail(null);
        show((output) => takeSnapshot(output, snapshot));
      },
      (error: unknown) => {
        if (mine === round) fail(toAppError(error));
      },
    );
  };
  const stops = [
    onPush('runs.wrote', ({ items }) => {
      const lines = items.filter((line) => line.runId === run.id && line.attempt === run.attempt);
      if (lines.length > 0) show((output) => takeLive(output, lines));
    }),
    onGap(fetchSnapshot),
  ];
  fetchSnapshot();
  return {
    reload: fetchSnapshot,
    stop() {
      round += 1;
      for (const stop of stops) stop();
    },
  };
}

/** The output of an attempt, live. Once the run has ended it is fetched once more: what is stored then is what was kept. */
export function useRunOutput(run: Pick<Run, 'id' | 'state'>, attempt: number): LiveOutput {
  const [output, setOutput] = useState<RunOutput>(emptyOutput);
  const [error, setError] = useState<AppError | null>(null);
  const [follower, setFollower] = useState<Follower | null>(null);
  const { id } = run;
  const ended = isFinished(run.state);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the end of the run asks for another round
  useEffect(() => {
    const started = followOutput({ id, attempt }, (change) => setOutput(change), setError);
    setFollower(started);
    return started.stop;
  }, [id, attempt, ended]);

  // Another run's lines must not stand here while its own are on the way.
  const [shownFor, setShownFor] = useState(`${id}/${attempt}`);
  if (shownFor !== `${id}/${attempt}`) {
    setShownFor(`${id}/${attempt}`);
    setOutput(emptyOutput);
    setError(null);
  }
  return { output, error, reload: () => follower?.reload() };
}
