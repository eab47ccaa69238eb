import type { Server } from 'node:http';
import ipaddr from 'ipaddr.js';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Handlers } from '../../../shared/contract/index.ts';
import { createHttpAuth } from '../auth/http-auth.ts';
import type { Sessions } from '../auth/sessions.ts';
import { createSignInCodes, type SignInCodes, type SignInUrl } from '../auth/sign-in-codes.ts';
import type { PushHub } from '../push/push-hub.ts';
import { createPushStreams } from '../push/push-stream.ts';
import { accountDeps, type Team } from './account-deps.ts';
import { createConsoleApp } from './console-app.ts';
import { publicLink } from './console-base.ts';
import type { ConsoleSettings } from './console-settings.ts';
import { createHostGuard, hostInUrl, publicHost } from './host-guard.ts';
import { createLimitedServer } from './limited-server.ts';

export interface ConsoleServerDeps {
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
  /** Absent: the console token is the only way in. */
  team?: Team | undefined;
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

export interface ConsoleLinks {
  /** For a browser on this machine, or where the console listens. */
  url: string;
  /** The same through the proxy, where there is one. */
  publicUrl: string | null;
}

export interface ConsoleServer {
  /** `http://127.0.0.1:8788`, without a slash at its end. */
  url: string;
  /** An address that signs one browser in, once and within 10 minutes. */
  createSignInUrl(): SignInUrl;
  /** Addresses of a path of the console, e.g. `/#/inbox`. */
  linksTo(path: string): ConsoleLinks;
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

/** Starts the console's HTTP server. Rejects with the system's error (`EADDRINUSE`, `EACCES`, …) when it cannot listen. */
export async function startConsoleServer(options: ConsoleServerDeps): Promise<ConsoleServer> {
  const { host, log } = options;
  const { settings = () => ({ consoleUrl: '', trustedProxies: [] }) } = options;
  const { server, keepConnection, close } = createLimitedServer(options.maxConnections);
  const port = await listen(server, host, options.port);
  const cookieName = `signalbox-${port}`;
  const codes = options.codes ?? createSignInCodes();
  const streams = createPushStreams(options.pushHub);
  const stopFollowing = options.team?.accounts.onChanged(streams.endUnallowed);
  const app = createConsoleApp({
    handlers: options.handlers,
    log,
    version: options.version,
    rendererDir: options.rendererDir,
    registry: options.registry,
    readiness: options.readiness,
    guard: createHostGuard({ host, port }, () => publicHost(settings().consoleUrl)),
    auth: createHttpAuth({
      token: options.token,
      cookieName,
      log,
      sessions: options.sessions,
      codes,
      accounts: accountDeps(options, settings),
    }),
    team: options.team,
    keepConnection,
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

  function links(path: string): ConsoleLinks {
    return { url: `${url}${path}`, publicUrl: publicLink(settings().consoleUrl, path) };
  }

  return {
    url,
    createSignInUrl() {
      const { code, expiresAtMs } = codes.create();
      return { ...links(`/?code=${code}`), expiresAtMs };
    },
    port,
    close() {
      stopFollowing?.();
      return close(streams.endAll);
    },
    linksTo: links,
  };
}
