import { type BrowserWindow, dialog } from 'electron';

export interface Question<K extends string> {
  kind: 'warning' | 'error' | 'question';
  message: string;
  /** What it means and what the choices do. */
  detail: string;
  /** From the one that is offered first; the labels are verbs. */
  choices: readonly { key: K; label: string }[];
  /** What closing the dialog means. */
  onClose: K;
}

export interface AskOptions {
  /** The dialog belongs to this window. */
  window?: BrowserWindow | undefined;
  /** Takes the question back; it then counts as closed. */
  signal?: AbortSignal | undefined;
}

/** Asks the person in a dialog of the system. */
export async function ask<K extends string>(question: Question<K>, options: AskOptions = {}): Promise<K> {
  const { kind, message, detail, choices, onClose } = question;
  const box: Electron.MessageBoxOptions = {
    type: kind,
    title: 'Signalbox',
    message,
    detail,
    buttons: choices.map(({ label }) => label),
    defaultId: 0,
    cancelId: choices.findIndex(({ key }) => key === onClose),
    noLink: true,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const { window } = options;
  const isShown = window !== undefined && !window.isDestroyed() && window.isVisible();
  const { response } = await (isShown ? dialog.showMessageBox(window, box) : dialog.showMessageBox(box));
  return choices[response]?.key ?? onClose;
}
