import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { toAppError } from '../../errors/app-error.ts';
import { Kbd } from '../text/kbd.tsx';
import classes from './toasts.module.css';
import { offerUndo, takeUndo } from './undo.ts';

const dismiss = { closeButtonProps: { 'aria-label': 'Dismiss' } };

export function showDone(message: ReactNode): void {
  notifications.show({ message, autoClose: 3000, withBorder: true, classNames: classes, ...dismiss });
}

export const showFailure = (error: unknown, what?: string): void => showProblem(toAppError(error).message, what);

export function showProblem(message: string, what?: string): void {
  notifications.show({
    title: what,
    message,
    autoClose: 10_000,
    withBorder: true,
    classNames: { ...classes, root: `${classes.root} ${classes.failed}` },
    ...dismiss,
  });
}

/** What was just done can be taken back here, or with mod+Z, for ten seconds. */
export function showUndo({ message, undo }: { message: string; undo: () => Promise<unknown> }): void {
  const id = `undo-${crypto.randomUUID?.() ?? Math.random().toString(36).slice(2)}`;
  const takeBack = async (): Promise<void> => {
    notifications.hide(id);
    try {
      await undo();
    } catch (error) {
      showFailure(error, 'Could not be undone');
    }
  };
  offerUndo({ id, undo: takeBack });
  notifications.show({
    id,
    withBorder: true,
    autoClose: 10_000,
    classNames: classes,
    ...dismiss,
    onClose: () => takeUndo(id),
    message: (
      <div className={classes.undo}>
        <span>{message}</span>
        <Button variant="default" size="compact-xs" onClick={() => takeUndo(id)?.undo()}>
          Undo
        </Button>
        <Kbd keys="mod+z" />
      </div>
    ),
  });
}
