import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createConnectionSlots } from './connection-slots.ts';

const limits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5_000,
  /** Without a byte moving; streams send something every 15 s, so this ends readers that have stopped reading. */
  idleTimeoutMs: 60_000,
  checkEveryMs: 2_000,
  headerBytes: 16 * 1024,
  connections: 512,
  /** Beyond this they are turned away unseen: cutting off the oldest stranger takes a moment. */
  connectionsAtMost: 1024,
  /** What a call in flight may still take when the server is closed. */
  closeGraceMs: 3_000,
};

const badRequests: Record<string, [status: string, code: string, message: string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'too_large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'invalid_input', 'The request came too slowly.'],
};

/** What the parser refuses never reaches Express; it gets the same small JSON. */
function onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const known = badRequests[error.code ?? ''];
  const [status, code, message] = known ?? ['400 Bad Request', 'invalid_input', 'This is not a valid HTTP request.'];
  const body = JSON.stringify({ error: { code, message } });
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

export interface LimitedServer {
  server: Server;
  /** The connection belongs to a signed-in client. */
  keepConnection(socket: Socket): void;
  /** Ends idle connections immediately, and gives calls in flight a moment. `endStreams` ends what would never end. */
  close(endStreams: () => void): Promise<void>;
}

/** An HTTP server, not listening yet, with the console's limits on connections, headers and times. */
export function createLimitedServer(maxConnections: number = limits.connections): LimitedServer {
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    maxHeaderSize: limits.headerBytes,
  });
  server.maxConnections = limits.connectionsAtMost;
  server.timeout = limits.idleTimeoutMs;
  // Node would drop headers beyond its count without a word; the guard counts and refuses instead.
  server.maxHeadersCount = 0;
  server.on('clientError', onClientError);
  // Node counts a connection as idle only after its first request.
  const silent = new Set<Socket>();
  const slots = createConnectionSlots(maxConnections);
  server.on('connection', (socket) => {
    slots.take(socket);
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));

  let closing: Promise<void> | null = null;
  return {
    server,
    keepConnection: slots.keep,
    close(endStreams) {
      closing ??= new Promise((resolve) => {
        // A connection turns idle only when its last answer is out.
        const sweep = setInterval(() => server.closeIdleConnections(), 25);
        const deadline = setTimeout(() => server.closeAllConnections(), limits.closeGraceMs);
        server.close(() => {
          clearInterval(sweep);
          clearTimeout(deadline);
          resolve();
        });
        endStreams();
        for (const socket of silent) socket.destroy();
        server.closeIdleConnections();
      });
      return closing;
    },
  };
}
