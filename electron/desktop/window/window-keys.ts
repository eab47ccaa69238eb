import type { BrowserWindow, Input } from 'electron';

export type WindowKey = 'zoom-in' | 'zoom-out' | 'zoom-reset' | 'back' | 'forward';

type Keys = Pick<Input, 'type' | 'key' | 'code' | 'control' | 'meta' | 'alt' | 'shift'>;

/** Matches the steps of Chromium's own zoom. */
const zoomStep = 0.5;
const zoomRange = { least: -4, most: 6 };

/**
 * The keys of every browser that no menu of Electron's brings: its zoom takes Ctrl and + alone, which on most keyboards is
 * Ctrl+Shift+=, and nothing takes the number pad or goes back.
 */
export function windowKey(input: Keys, isMac: boolean): WindowKey | null {
  if (input.type !== 'keyDown') return null;
  const command = isMac ? input.meta && !input.control : input.control && !input.meta;
  if (command && !input.alt) {
    if (input.code === 'NumpadAdd' || input.key === '=' || input.key === '+') return 'zoom-in';
    if (input.code === 'NumpadSubtract' || input.key === '-' || input.key === '_') return 'zoom-out';
    if (input.code === 'Numpad0' || (input.key === '0' && !input.shift)) return 'zoom-reset';
    if (isMac && !input.shift && input.key === '[') return 'back';
    if (isMac && !input.shift && input.key === ']') return 'forward';
    return null;
  }
  const isAltAlone = input.alt && !input.control && !input.meta && !input.shift;
  // On a Mac, Option with an arrow moves the caret by a word.
  if (!isMac && isAltAlone && input.key === 'ArrowLeft') return 'back';
  if (!isMac && isAltAlone && input.key === 'ArrowRight') return 'forward';
  return null;
}

/** What a key or a menu's entry does in the window. */
export function applyWindowKey({ webContents }: BrowserWindow, key: WindowKey): void {
  const { navigationHistory: history } = webContents;
  const zoomBy = (step: number): void => {
    const level = Math.min(zoomRange.most, Math.max(zoomRange.least, webContents.getZoomLevel() + step));
    webContents.setZoomLevel(level);
  };
  if (key === 'zoom-in') zoomBy(zoomStep);
  else if (key === 'zoom-out') zoomBy(-zoomStep);
  else if (key === 'zoom-reset') webContents.setZoomLevel(0);
  else if (key === 'back' && history.canGoBack()) history.goBack();
  else if (key === 'forward' && history.canGoForward()) history.goForward();
}

export function takeWindowKeys(window: BrowserWindow): void {
  window.webContents.on('before-input-event', (event, input) => {
    const key = windowKey(input, process.platform === 'darwin');
    if (key === null) return;
    event.preventDefault();
    applyWindowKey(window, key);
  });
}
