import { useState } from 'react';
import { AppError } from '../../../shared/contract/errors.ts';
import { useAction } from '../../errors/use-action.ts';
import { showFailure, showUndo } from '../../ui/feedback/toasts.tsx';

interface RemovalSteps {
  name: string;
  /** What the toast says once it is gone. */
  done: string;
  remove: () => Promise<unknown>;
  onRemoved: () => void;
  restore: () => Promise<void>;
}

/** Removes a definition, with a way back; `isInUse` once the app refused because others need it. */
export function useRemoval({ name, done, remove, onRemoved, restore }: RemovalSteps) {
  const [isInUse, setInUse] = useState(false);
  const { run, busy } = useAction(async () => {
    try {
      await remove();
    } catch (error) {
      if (error instanceof AppError && error.code === 'in_use') setInUse(true);
      else showFailure(error, `${name} could not be removed`);
      return;
    }
    onRemoved();
    showUndo({ message: done, undo: restore });
  });
  return { run: () => void run(), busy, isInUse };
}
