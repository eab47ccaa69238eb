import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ipaddr from 'ipaddr.js';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Handlers } from '../../shared/contract/index.ts';
import { createConnectionSlots } from './connection-slots.ts';
import { type ConsoleSettings, createConsoleApp } from './console-app.ts';
import { createHostGuard, hostInUrl, publicHost } from './host-guard.ts';
import { createHttpAuth } from './http-auth.ts';
import type { PushHub } from './push-hub.ts';
import { createPushStreams } from './push-stream.ts';
import type { Sessions } from './sessions.ts';
import { createSignInCodes, type SignInCodes } from './sign-in-codes.ts';

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

export interface ConsoleServerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** The console token; see console-token.ts. */
  token: string;
  handlers: Handlers;
  pushHub: PushHub;
  /** Handed in where they are to outlive this server. */
  sessions?: Sessions;
  codes?: SignInCodes;
  /** 512 unless a test says otherwise. */
  maxConnections?: number;
  log: Logger;
  version: string;
  rendererDir: string;
  registry: Registry;
  /** Null when ready, else a sentence saying what is waited for. */
  readiness(): string | null;
  /** `consoleUrl` names the host under which a proxy reaches the console; see ConsoleSettings. */
  settings?: () => ConsoleSettings;
}

export interface SignInUrl {
  /** For a browser on this machine, or where the console listens. */
  url: string;
  /** The same through the proxy, where there is one. */
  publicUrl: string | null;
  expiresAtMs: number;
}

export interface ConsoleServer {
  /** `http://127.0.0.1:8788`, without a slash at its end. */
  url: string;
  /** An address that signs one browser in, once and within 10 minutes. */
  createSignInUrl(): SignInUrl;
  port: number;
  /** Ends push streams and idle connections at once, and gives calls in flight a moment. */
  close(): Promise<void>;
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

/** The address to print for a server that listens everywhere is the one that surely works here. */
function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${hostInUrl(host)}:${port}`;
}

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

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Opens the operators' door. Rejects with the system's error (`EADDRINUSE`, `EACCES`, …) when it cannot listen. */
export async function startConsoleServer(options: ConsoleServerOptions): Promise<ConsoleServer> {
  const { host, log } = options;
  const { settings = () => ({ consoleUrl: '', trustedProxies: [] }) } = options;
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
  const slots = createConnectionSlots(options.maxConnections ?? limits.connections);
  server.on('connection', (socket) => {
    slots.take(socket);
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));

  const port = await listen(server, host, options.port);
  const cookieName = `signalbox-${port}`;
  const codes = options.codes ?? createSignInCodes();
  const streams = createPushStreams(options.pushHub);
  const app = createConsoleApp({
    handlers: options.handlers,
    log,
    version: options.version,
    rendererDir: options.rendererDir,
    registry: options.registry,
    readiness: options.readiness,
    guard: createHostGuard({ host, port }, () => publicHost(settings().consoleUrl)),
    auth: createHttpAuth({ token: options.token, cookieName, log, sessions: options.sessions, codes }),
    keepConnection: slots.keep,
    streams,
    cookieName,
    settings,
  });
  server.on('request', app);
  // After listening, an error of the listener itself (such as running out of file descriptors) must not end the app.
  server.on('error', (error) => log.error({ err: error }, 'the console’s listener has a problem'));

  const url = urlOf(host, port);
  if (!isLoopback(host)) {
    log.warn({ host, port }, 'the console listens beyond this machine: anyone with its token can run commands here');
  }

  let closing: Promise<void> | null = null;
  function close(): Promise<void> {
    closing ??= new Promise((resolve) => {
      // A connection turns idle only when its last answer is out.
      const sweep = setInterval(() => server.closeIdleConnections(), 25);
      const deadline = setTimeout(() => server.closeAllConnections(), limits.closeGraceMs);
      server.close(() => {
        clearInterval(sweep);
        clearTimeout(deadline);
        resolve();
      });
      streams.endAll();
      for (const socket of silent) socket.destroy();
      server.closeIdleConnections();
    });
    return closing;
  }

  return {
    url,
    createSignInUrl() {
      const { code, expiresAtMs } = codes.create();
      const { consoleUrl } = settings();
      const at = (origin: string): string => `${origin}/?code=${code}`;
      return { url: at(url), publicUrl: consoleUrl === '' ? null : at(new URL(consoleUrl).origin), expiresAtMs };
    },
    port,
    close,
  };
}
