import { Notification } from 'electron';
import type { Runtime } from '../../runtime/runtime-types.ts';
import { type AttentionNote, createAttention } from './attention.ts';
import type { FollowedApp } from './follow-app.ts';
import { createRefusalNotice } from './refusal-notice.ts';

export interface NotificationDeps {
  runtime: Pick<Runtime, 'onAttention'>;
  app: Pick<FollowedApp, 'status' | 'onChange'>;
  iconFile: string;
  isWanted(): boolean;
  /** Shows the page at this path. */
  open(path: string): void;
}

/** The system keeps more on show; of older ones a click only opens nothing. */
const heldAtMost = 50;

/** Tells the person through the desktop's notifications; gives the way to stop. */
export function notifyOfRuns({ runtime, app, iconFile, isWanted, open }: NotificationDeps): () => void {
  // Held until it is dismissed: nothing else refers to a notification, and a click on one that was collected is lost.
  const held = new Set<Notification>();

  function hold(notification: Notification): void {
    held.add(notification);
    const [oldest] = held;
    if (held.size <= heldAtMost || oldest === undefined) return;
    held.delete(oldest);
    oldest.close();
  }

  const attention = createAttention({
    isWanted: () => Notification.isSupported() && isWanted(),
    nowMs: () => performance.now(),
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    show,
  });

  function show({ title, body, path }: AttentionNote): void {
    const notification = new Notification({ title, body, icon: iconFile });
    const release = (): void => {
      held.delete(notification);
    };
    notification.on('click', () => {
      release();
      open(path);
    });
    notification.on('close', release);
    notification.on('failed', release);
    hold(notification);
    notification.show();
  }

  let isStopped = false;
  // Independent of the setting for runs: while it lasts, senders lose what they do not retry.
  const checkRefusals = createRefusalNotice((note) => {
    if (Notification.isSupported()) show(note);
  });
  const look = (): void => {
    if (!isStopped) checkRefusals(app.status());
  };
  app.onChange(look);
  look();
  const stop = runtime.onAttention((runs) => attention.add(runs));
  return () => {
    isStopped = true;
    stop();
    attention.close();
    for (const notification of held) notification.close();
    held.clear();
  };
}
