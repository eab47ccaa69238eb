import { pushes } from '../../../shared/contract/pushes.ts';
import type { PushConnection } from '../../console/push/push-hub.ts';
import type { Notes } from '../status/notes.ts';
import { attentionNotes, showAlarms } from '../status/notifications.ts';
import type { Connections } from './connections.ts';

export interface ServerNotificationDeps {
  connections: Connections;
  notes: Notes;
  /** Shows the connection at this path. */
  open(id: string, path: string): void;
}

/** Notifications of the servers that were chosen for it, whichever is on show. Call `update` at each change. */
export function notifyOfServers({ connections, notes, open }: ServerNotificationDeps): {
  update(): void;
  close(): void;
} {
  const followed = new Map<string, { stream: PushConnection; close(): void }>();

  function follow(id: string, name: string): void {
    const line = connections.lineOf(id);
    if (line === null) return;
    const attention = attentionNotes(
      notes,
      () => true,
      (path) => open(id, path),
      `${name}: `,
    );
    const stream = line.connect(
      ({ name: push, value }) => {
        // The stream also tells of losses, under another name: what was missed is not made up for.
        if (push === 'alarms.notified') showAlarms(value, notes, (path) => open(id, path), `${name}: `);
        if (push !== 'runs.changed') return true;
        const runs = pushes['runs.changed'].safeParse(value);
        if (runs.success) attention.add(runs.data.items.filter(({ needsAttention }) => needsAttention !== null));
        return true;
      },
      { names: ['runs.changed', 'alarms.notified'] },
    );
    followed.set(id, { stream, close: attention.close });
  }

  function stop(id: string): void {
    const one = followed.get(id);
    one?.stream.close();
    one?.close();
    followed.delete(id);
  }

  return {
    update() {
      const wanted = connections.list().filter(({ notify, signedIn }) => notify && signedIn);
      for (const id of [...followed.keys()]) if (wanted.every((one) => one.id !== id)) stop(id);
      for (const { id, name } of wanted) if (!followed.has(id)) follow(id, name);
    },
    close() {
      for (const id of [...followed.keys()]) stop(id);
    },
  };
}
