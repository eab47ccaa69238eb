import { useAction } from '../../errors/use-action.ts';
import { acknowledge, unacknowledge, useInbox } from '../../model/runs/inbox-list.ts';
import { retryRuns } from '../../model/runs/runs-list.ts';
import { showDone, showFailure, showProblem, showUndo } from '../../ui/feedback/toasts.tsx';
import { takeUndo } from '../../ui/feedback/undo.ts';
import { formatRunCount } from '../../ui/text/format.ts';

export function useInboxActions() {
  const undoing = useAction(async (ids: readonly string[]) => {
    try {
      await unacknowledge(ids);
      showDone(`${formatRunCount(ids.length)} returned to the inbox`);
    } catch (error) {
      showFailure(error, 'Could not be undone');
    }
  });
  const retrying = useAction(async (ids: readonly string[]) => {
    try {
      const { items, skipped } = await retryRuns(ids);
      if (items > 0) showDone(`${formatRunCount(items)} restarted`);
      const [first] = skipped;
      if (first !== undefined) showProblem(first.reason, `${formatRunCount(skipped.length)} could not be retried`);
    } catch (error) {
      showFailure(error, `${formatRunCount(ids.length)} could not be retried`);
    }
  });
  return {
    busy: retrying.busy,
    acknowledge: async (ids: readonly string[], note?: string): Promise<void> => {
      if (ids.length === 0) return;
      try {
        await acknowledge(ids, note === '' ? undefined : note);
        showUndo({ message: `${formatRunCount(ids.length)} acknowledged`, undo: () => unacknowledge(ids) });
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
