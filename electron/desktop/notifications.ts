import { Notification } from 'electron';
import type { Runtime } from '../runtime/runtime-types.ts';
import { createAttention } from './attention.ts';

export interface NotificationOptions {
  runtime: Pick<Runtime, 'onAttention'>;
  iconFile: string;
  isWanted(): boolean;
  open(): void;
}

/** Tells the person through the desktop's notifications; gives the way to stop. */
export function notifyOfRuns({ runtime, iconFile, isWanted, open }: NotificationOptions): () => void {
  const attention = createAttention({
    isWanted: () => Notification.isSupported() && isWanted(),
    nowMs: () => performance.now(),
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    show({ title, body }) {
      const notification = new Notification({ title, body, icon: iconFile });
      notification.on('click', open);
      notification.show();
    },
  });
  const stop = runtime.onAttention((runs) => attention.add(runs));
  return () => {
    stop();
    attention.close();
  };
}
