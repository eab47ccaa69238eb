import type { Server, Socket } from 'node:net';

export interface ConnectionShareDeps {
  /** Open connections of strangers at the same time. */
  maxStrangers: number;
  isKnown(address: string): boolean;
  /** A connection was closed unanswered: it was one too many. */
  onRefused(): void;
}

/**
 * Keeps connections free for known senders: Node's own `maxConnections` counts all of them alike, so that whoever opens
 * as many would shut everybody else out. Who is known is asked when there are many and not for each connection.
 */
export function shareConnections(server: Server, { maxStrangers, isKnown, onRefused }: ConnectionShareDeps): void {
  const open = new Map<string, number>();
  let openCount = 0;

  function countStrangers(): number {
    let count = 0;
    for (const [address, connections] of open) if (!isKnown(address)) count += connections;
    return count;
  }

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    open.set(address, (open.get(address) ?? 0) + 1);
    openCount++;
    socket.once('close', () => {
      openCount--;
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
    if (openCount > maxStrangers && !isKnown(address) && countStrangers() > maxStrangers) {
      socket.destroy();
      onRefused();
    }
  });
  server.on('drop', onRefused);
}
