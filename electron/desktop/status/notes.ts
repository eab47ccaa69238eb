import { Notification } from 'electron';

export interface Note {
  title: string;
  body: string;
}

export interface Notes {
  isSupported(): boolean;
  show(note: Note, onClick: () => void): void;
  close(): void;
}

/** The system keeps more on show; of older ones a click only opens nothing. */
const heldAtMost = 50;

/** The desktop's notifications. */
export function createNotes(iconFile: string): Notes {
  // Held until it is dismissed: nothing else refers to a notification, and a click on one that was collected is lost.
  const held = new Set<Notification>();

  function hold(notification: Notification): void {
    held.add(notification);
    const [oldest] = held;
    if (held.size <= heldAtMost || oldest === undefined) return;
    held.delete(oldest);
    oldest.close();
  }

  return {
    isSupported: () => Notification.isSupported(),
    show({ title, body }, onClick) {
      if (!Notification.isSupported()) return;
      const notification = new Notification({ title, body, icon: iconFile });
      const release = (): void => {
        held.delete(notification);
      };
      notification.on('click', () => {
        release();
        onClick();
      });
      notification.on('close', release);
      notification.on('failed', release);
      hold(notification);
      notification.show();
    },
    close() {
      for (const notification of held) notification.close();
      held.clear();
    },
  };
}
