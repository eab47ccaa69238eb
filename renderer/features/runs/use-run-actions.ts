import type { Run } from '../../../shared/contract/runs.ts';
import { showDone, showFailure, showUndo } from '../../components/toasts.tsx';
import { acknowledge, unacknowledge } from '../../stores/inbox.ts';
import { navigate } from '../../stores/navigation.ts';
import { paths } from '../../stores/paths.ts';
import { cancelRun, retryRun } from '../../stores/runs.ts';
import { isFinished } from '../../stores/runs-filter.ts';
import { useAction } from '../../stores/use-action.ts';

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
