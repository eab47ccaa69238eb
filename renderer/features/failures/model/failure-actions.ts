import type { Failure } from '../../../../shared/contract/failures.ts';
import { call } from '../../../client/index.ts';
import { showFailure, showUndo } from '../../../ui/feedback/toasts.tsx';

export interface SnoozeEnd {
  until?: string;
  more?: number;
  onChange?: boolean;
}

/** Where it stood before goes back the way it came. */
async function restore({ id, state, snooze }: Failure): Promise<void> {
  await call('failures.reopen', { ids: [id] });
  if (state === 'acknowledged') await call('failures.acknowledge', { ids: [id] });
  if (state === 'resolved') await call('failures.resolve', { ids: [id] });
  if (state === 'snoozed' && snooze !== null) {
    const { until, more, onChange } = snooze;
    const end = { ...(until === null ? {} : { until }), ...(more === null ? {} : { more }), onChange };
    await call('failures.snooze', { ids: [id], ...end });
  }
}

async function undoable(failure: Failure, message: string, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    showUndo({ message, undo: () => restore(failure) });
    return true;
  } catch (error) {
    showFailure(error, 'The failure could not be changed');
    return false;
  }
}

const noteOf = (note: string | undefined): { note?: string } => (note === undefined || note === '' ? {} : { note });

export const acknowledgeFailure = (failure: Failure, note?: string): Promise<boolean> =>
  undoable(failure, 'Failure acknowledged', () => call('failures.acknowledge', { ids: [failure.id], ...noteOf(note) }));

export const resolveFailure = (failure: Failure, note?: string): Promise<boolean> =>
  undoable(failure, 'Failure resolved', () => call('failures.resolve', { ids: [failure.id], ...noteOf(note) }));

export const snoozeFailure = (failure: Failure, end: SnoozeEnd, what: string): Promise<boolean> =>
  undoable(failure, `Snoozed ${what}`, () => call('failures.snooze', { ids: [failure.id], ...end }));

export const reopenFailure = (failure: Failure): Promise<boolean> =>
  undoable(failure, 'Failure reopened', () => call('failures.reopen', { ids: [failure.id] }));

export async function assignFailure({ id, assignee: before }: Failure, assignee: string | null): Promise<void> {
  try {
    await call('failures.assign', { ids: [id], assignee });
    showUndo({
      message: assignee === null ? 'Failure unassigned' : `Assigned to ${assignee}`,
      undo: () => call('failures.assign', { ids: [id], assignee: before }),
    });
  } catch (error) {
    showFailure(error, 'The failure could not be assigned');
  }
}
