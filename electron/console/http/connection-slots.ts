import type { Socket } from 'node:net';

export interface ConnectionSlots {
  /** A connection has come. Over the limit, the oldest one that has shown no token and no session is cut off. */
  take(socket: Socket): void;
  /** Its request was signed in: it is never cut off in favour of others. */
  keep(socket: Socket): void;
}

/**
 * A limit on connections that strangers cannot use up: Node's own `maxConnections` turns the newest away, who may be
 * the operator, while those that send nothing stay.
 */
export function createConnectionSlots(limit: number): ConnectionSlots {
  const open = new Set<Socket>();
  // In the order of their coming.
  const strangers = new Set<Socket>();

  function forget(socket: Socket): void {
    open.delete(socket);
    strangers.delete(socket);
  }

  return {
    take(socket) {
      open.add(socket);
      strangers.add(socket);
      socket.once('close', () => forget(socket));
      if (open.size <= limit) return;
      const [oldest] = strangers;
      if (oldest === undefined) return;
      forget(oldest);
      oldest.destroy();
    },
    keep(socket) {
      strangers.delete(socket);
    },
  };
}
