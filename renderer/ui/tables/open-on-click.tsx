import type { ReactNode } from 'react';
import classes from './open-on-click.module.css';

/** Around a list: a click on a row opens it. Enter, which the list knows itself, does the same by keyboard. */
export function OpenOnClick({ onOpen, children }: { onOpen: () => void; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside are chosen by the list itself, Enter opens them
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div
      className={classes.pane}
      onClick={(event) => {
        if (!(event.target instanceof Element)) return;
        const isRow = event.target.closest('[role=option]') !== null;
        if (isRow && event.target.closest('a, button, input') === null) onOpen();
      }}
    >
      {children}
    </div>
  );
}
