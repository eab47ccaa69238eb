import type { BrowserWindow } from 'electron';
import type { Audience } from '../pages/ipc.ts';

/** Whether the window can be seen: not hidden in the tray, not minimized. */
export function watchVisibility(window: BrowserWindow): Audience {
  // Not isVisible(): a window that is being opened shows its page before itself.
  let isShown = true;
  let isMinimized = false;
  const listeners: (() => void)[] = [];
  const note = (change: () => void) => (): void => {
    const before = isShown && !isMinimized;
    change();
    if ((isShown && !isMinimized) !== before) for (const listener of listeners) listener();
  };
  window.on(
    'hide',
    note(() => {
      isShown = false;
    }),
  );
  window.on(
    'show',
    note(() => {
      isShown = true;
    }),
  );
  window.on(
    'minimize',
    note(() => {
      isMinimized = true;
    }),
  );
  window.on(
    'restore',
    note(() => {
      isMinimized = false;
    }),
  );
  return {
    isWatching: () => isShown && !isMinimized,
    onChange: (listener) => listeners.push(listener),
  };
}
