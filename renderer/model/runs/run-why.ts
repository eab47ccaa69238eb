import type { Run } from '../../../shared/contract/runs.ts';
import { firstLine, messageOf } from '../../../shared/failures/failure-message.ts';

type Ending = Pick<Run, 'state' | 'reason' | 'exitCode' | 'signal'>;

/** What a reason means, in words. */
export function reasonText(run: Ending): string {
  if (run.state === 'completed') return 'Completed';
  switch (run.reason) {
    case 'exit':
      return run.exitCode === null ? 'Exited' : `Exited with code ${run.exitCode}`;
    case 'signal':
      return run.signal === null ? 'Ended by a signal' : `Ended by ${run.signal}`;
    case 'timeout':
      return 'Exceeded the job’s timeout';
    case 'limit':
      return 'Exceeded a limit';
    case 'spawn':
      return 'Could not be started';
    case 'interrupted':
      return 'Interrupted when Signalbox stopped';
    case 'canceled':
      return 'Canceled';
    case 'queue':
      return 'The job’s queue was full';
    case 'error':
      return 'The script threw an error';
    case 'outcome':
      return 'The job reported failure';
    case 'rejected':
      return 'Rejected by an operator';
    case 'expired':
      return 'Expired before it started';
    case 'unanswered':
      return 'Its question was not answered';
    case 'answer':
      return 'The destination refused the request';
    case 'connection':
      return 'The destination could not be reached';
    case null:
      return run.state === 'failed' ? 'Failed' : '';
  }
}

/** Why a run stands where it stands: what it waits for, its error, its outcome's heading, its reason in words. */
export function whyOf(
  run: Pick<Run, 'state' | 'reason' | 'exitCode' | 'signal' | 'error' | 'outcome'> & Partial<Pick<Run, 'question'>>,
): string {
  if (run.state === 'pending') return 'Waiting for approval';
  if (run.state === 'interaction_required') return firstLine(run.question?.message ?? 'Waiting for an answer');
  return messageOf(run) ?? reasonText(run);
}
