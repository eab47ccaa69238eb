import { type BrowserWindow, shell } from 'electron';
import { ask } from '../ask.ts';
import type { UpdateNotice } from './update-notice.ts';

export interface CheckDeps {
  version: string;
  feed(): string;
  updates: UpdateNotice;
  window(): BrowserWindow | null;
  openSettings(): void;
}

/** Looks for a newer version because the person asked, and says what came of it. */
export async function checkForUpdate({ version, feed, updates, window, openSettings }: CheckDeps): Promise<void> {
  const options = { window: window() ?? undefined };
  const close = { key: 'close', label: 'Close' } as const;
  if (feed() === '') {
    const choice = await ask(
      {
        kind: 'question',
        message: `Signalbox ${version} does not look for updates.`,
        detail: 'Enter the address of an update feed in Settings, under Desktop app.',
        choices: [{ key: 'settings', label: 'Open Settings' }, close],
        onClose: 'close',
      },
      options,
    );
    if (choice === 'settings') openSettings();
    return;
  }
  await updates.check();
  const { available, problem } = updates.state();
  if (problem !== null) {
    const message = 'Updates could not be looked for.';
    await ask({ kind: 'warning', message, detail: problem, choices: [close], onClose: 'close' }, options);
  } else if (available === null) {
    const message = `Signalbox ${version} is the newest version.`;
    await ask({ kind: 'question', message, detail: `By ${feed()}`, choices: [close], onClose: 'close' }, options);
  } else {
    const choice = await ask(
      {
        kind: 'question',
        message: `Signalbox ${available.version} is available.`,
        detail: `This is ${version}. Nothing is downloaded: the page opens in your browser.\n\n${available.url}`,
        choices: [{ key: 'open', label: 'Open Page' }, close],
        onClose: 'close',
      },
      options,
    );
    if (choice === 'open') await shell.openExternal(available.url);
  }
}
