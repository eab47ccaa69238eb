import type { Run } from '../../../../shared/contract/runs.ts';
import { isFinished } from '../../../model/runs/runs-filter.ts';

export type BulkAction = 'retry' | 'cancel' | 'acknowledge';

/** Of these runs, those that an action is for. */
export const runsFor = (action: BulkAction, runs: readonly Run[]): Run[] =>
  runs.filter((run) => {
    if (action === 'retry') return isFinished(run.state);
    return action === 'cancel' ? !isFinished(run.state) : run.needsAcknowledgement;
  });

/** `import-orders (8), test runs (1)`: the listeners of these runs, the most frequent first. */
export function listenersOf(runs: readonly Run[], most = 4): string {
  const counts = new Map<string, number>();
  for (const { listener } of runs) {
    const name = listener ?? 'test runs';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].sort(([, one], [, other]) => other - one).map(([name, count]) => `${name} (${count})`);
  const more = names.length - most;
  return [...names.slice(0, most), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
