import type { Run } from '../../../../shared/contract/runs.ts';
import { useAction } from '../../../errors/use-action.ts';
import { navigate } from '../../../model/app/navigation.ts';
import { paths } from '../../../model/app/paths.ts';
import { acknowledge, unacknowledge } from '../../../model/runs/inbox-list.ts';
import { isFinished } from '../../../model/runs/runs-filter.ts';
import { cancelRun, retryRun } from '../../../model/runs/runs-list.ts';
import { showDone, showFailure, showUndo } from '../../../ui/feedback/toasts.tsx';

export interface RunActions {
  canRetry: boolean;
  canCancel: boolean;
  canAcknowledge: boolean;
  busy: boolean;
  retry: () => void;
  cancel: () => void;
  acknowledge: () => void;
}

/** What can be done with a run as it stands; failures are told in a toast. */
export function useRunActions(run: Run | null): RunActions {
  const retrying = useAction(async (target: Run) => {
    try {
      const next = await retryRun(target.id);
      showDone(`Retrying ${target.job}`);
      navigate(paths.run(next.id));
    } catch (error) {
      showFailure(error, 'The run could not be retried');
    }
  });
  const canceling = useAction(async (target: Run) => {
    try {
      await cancelRun(target.id);
    } catch (error) {
      showFailure(error, 'The run could not be canceled');
    }
  });
  const acknowledging = useAction(async (target: Run) => {
    try {
      await acknowledge([target.id]);
      showUndo({ message: `${target.job} acknowledged`, undo: () => unacknowledge([target.id]) });
    } catch (error) {
      showFailure(error, 'The run could not be acknowledged');
    }
  });
  const busy = retrying.busy || canceling.busy || acknowledging.busy;
  return {
    canRetry: run !== null && isFinished(run.state),
    canCancel: run !== null && !isFinished(run.state),
    canAcknowledge: run?.needsAcknowledgement === true,
    busy,
    retry: () => {
      if (run !== null && isFinished(run.state) && !busy) void retrying.run(run);
    },
    cancel: () => {
      if (run !== null && !isFinished(run.state) && !busy) void canceling.run(run);
    },
    acknowledge: () => {
      if (run?.needsAcknowledgement === true && !busy) void acknowledging.run(run);
    },
  };
}
