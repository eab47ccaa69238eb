import type { Run } from '../../../shared/contract/runs.ts';
import { pagePaths } from '../../../shared/page-paths.ts';

export interface AttentionNote {
  title: string;
  body: string;
  /** Where a click leads. */
  path: string;
}

export interface AttentionDeps {
  show(note: AttentionNote): void;
  isWanted(): boolean;
  nowMs(): number;
  /** Calls back once; the returned function calls it off. */
  after(delayMs: number, callback: () => void): () => void;
}

const atMostEveryMs = 10_000;

type Noted = Pick<Run, 'id' | 'job' | 'state' | 'eventType' | 'error'> & Partial<Pick<Run, 'question'>>;

export const shorten = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** What is said of runs that want someone's attention: one in full, more by number and job. */
export function describeAttention(runs: readonly Noted[]): AttentionNote {
  const failed = runs.filter((run) => run.state === 'failed').length;
  const [run] = runs;
  if (runs.length === 1 && run !== undefined) {
    const path = pagePaths.run(run.id);
    const cause = `for ${shorten(run.eventType, 80)}`;
    if (run.state === 'pending')
      return { title: `${run.job} needs approval`, body: `Approve or reject it, ${cause}`, path };
    if (run.state === 'canceled')
      return { title: `${run.job} did not run`, body: shorten(run.error ?? cause, 200), path };
    const { question = null } = run;
    if (question !== null) return { title: `${run.job} needs an answer`, body: shorten(question.message, 200), path };
    return failed === 1
      ? { title: `${run.job} failed`, body: shorten(run.error ?? cause, 200), path }
      : { title: `${run.job} completed`, body: `Needs acknowledgement, ${cause}`, path };
  }
  const jobs = [...new Set(runs.map((each) => each.job))];
  const title =
    failed === runs.length
      ? `${failed} runs failed`
      : runs.every((each) => each.state === 'completed')
        ? `${runs.length} runs need acknowledgement`
        : failed === 0
          ? `${runs.length} runs need attention`
          : `${runs.length} runs need attention, ${failed} failed`;
  const more = jobs.length > 3 ? ` and ${jobs.length - 3} more jobs` : '';
  return { title, body: `${jobs.slice(0, 3).join(', ')}${more}`, path: pagePaths.inbox() };
}

/** Gathers runs, so that a job that fails a hundred times a minute notifies six times. */
export function createAttention(options: AttentionDeps): { add(runs: readonly Noted[]): void; close(): void } {
  // By id: a run that failed, was retried and failed again counts once.
  const waiting = new Map<string, Noted>();
  let lastShownMs = Number.NEGATIVE_INFINITY;
  let cancelTimer: (() => void) | null = null;

  function flush(): void {
    cancelTimer = null;
    const runs = [...waiting.values()];
    waiting.clear();
    if (runs.length === 0 || !options.isWanted()) return;
    lastShownMs = options.nowMs();
    options.show(describeAttention(runs));
  }

  return {
    add(runs) {
      for (const run of runs) waiting.set(run.id, run);
      if (cancelTimer !== null || waiting.size === 0) return;
      const waitMs = lastShownMs + atMostEveryMs - options.nowMs();
      if (waitMs <= 0) flush();
      else cancelTimer = options.after(waitMs, flush);
    },
    close() {
      cancelTimer?.();
      cancelTimer = null;
      waiting.clear();
    },
  };
}
