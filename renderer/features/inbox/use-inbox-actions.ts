import { useAction } from '../../errors/use-action.ts';
import { acknowledge, unacknowledge, useInbox } from '../../model/runs/inbox-list.ts';
import { retryRun } from '../../model/runs/runs-list.ts';
import { showDone, showFailure, showUndo } from '../../ui/feedback/toasts.tsx';
import { takeUndo } from '../../ui/feedback/undo.ts';
import { formatCount } from '../../ui/text/format.ts';

const runsText = (count: number): string => (count === 1 ? '1 run' : `${formatCount(count)} runs`);

/** Retrying is a call for each run: so many at once, so that a large selection does not flood the far side. */
const retriesAtOnce = 8;

async function retryAll(ids: readonly string[]): Promise<{ started: number; failure: unknown }> {
  const left = [...ids];
  let started = 0;
  let failure: unknown = null;
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      try {
        await retryRun(id);
        started += 1;
      } catch (error) {
        failure = error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(retriesAtOnce, ids.length) }, work));
  return { started, failure };
}

export function useInboxActions() {
  const undoing = useAction(async (ids: readonly string[]) => {
    try {
      await unacknowledge(ids);
      showDone(`${runsText(ids.length)} returned to the inbox`);
    } catch (error) {
      showFailure(error, 'Could not be undone');
    }
  });
  const retrying = useAction(async (ids: readonly string[]) => {
    const { started, failure } = await retryAll(ids);
    if (started > 0) showDone(`${runsText(started)} restarted`);
    if (failure !== null) showFailure(failure, `${runsText(ids.length - started)} could not be retried`);
  });
  return {
    busy: retrying.busy,
    acknowledge: async (ids: readonly string[], note?: string): Promise<void> => {
      if (ids.length === 0) return;
      try {
        await acknowledge(ids, note === '' ? undefined : note);
        showUndo({ message: `${runsText(ids.length)} acknowledged`, undo: () => unacknowledge(ids) });
      } catch (error) {
        showFailure(error, 'Could not be acknowledged');
      }
    },
    retry: async (ids: readonly string[]): Promise<void> => {
      if (ids.length > 0 && !retrying.busy) await retrying.run(ids);
    },
    undo: (): void => {
      // While its toast stands the offer is taken there, so that the toast goes with it.
      const offer = takeUndo();
      const { undoable } = useInbox.getState();
      if (offer !== undefined) void offer.undo();
      else if (undoable.length > 0 && !undoing.busy) void undoing.run(undoable);
    },
  };
}
