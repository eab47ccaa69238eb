import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createHttpAuth } from '../auth/http-auth.ts';
import { createPushStreams } from '../push/push-stream.ts';
import { accountDeps } from './account-deps.ts';
import { createConsoleApp } from './console-app.ts';
import { createHostGuard } from './host-guard.ts';
import type { ConsoleServerDeps } from './http-server.ts';
import { createLimitedServer } from './limited-server.ts';

export interface LocalSocketOptions
  extends Pick<
    ConsoleServerDeps,
    | 'token'
    | 'handlers'
    | 'pushHub'
    | 'sessions'
    | 'codes'
    | 'log'
    | 'version'
    | 'rendererDir'
    | 'registry'
    | 'readiness'
    | 'team'
  > {
  dataDir: string;
}

const noProxies = () => ({ consoleUrl: '', trustedProxies: [] });

export interface LocalSocket {
  path: string;
  close(): Promise<void>;
}

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, the closing zero included. */
const maxPathBytes = 103;
/** There are no strangers here, and a backup of a large store says nothing until it is made. */
const idleTimeoutMs = 30 * 60_000;

/**
 * The console's contract for programs of the same user on this machine, such as the command `signalbox`; also on the
 * desktop, where the console's port stays closed. A port on loopback is open to every user and every web page of the
 * machine, so it would need all the guards of a port. A Unix socket in the data directory with the mode 0600 is open to
 * the user (and root) alone, who can read the store anyway. The token is asked for all the same: the named pipes of
 * Windows have no such mode, and one rule for both servers is easier to hold. Rejects with the system's error.
 */
export async function startLocalSocket(options: LocalSocketOptions): Promise<LocalSocket> {
  const { log, token, sessions, codes } = options;
  const place = placeOf(options.dataDir);
  const { server, keepConnection, close } = createLimitedServer();
  server.timeout = idleTimeoutMs;
  const streams = createPushStreams(options.pushHub);
  const cookieName = 'signalbox-local';
  const stopFollowing = options.team?.accounts.onChanged(streams.endUnallowed);
  server.on(
    'request',
    createConsoleApp({
      ...options,
      // No browser gets here; the Host value is a formality of HTTP.
      guard: createHostGuard({ host: 'localhost', port: 80 }, () => null),
      auth: createHttpAuth({
        token,
        cookieName,
        log,
        door: 'socket',
        sessions,
        codes,
        accounts: accountDeps(options, noProxies),
      }),
      keepConnection,
      streams,
      cookieName,
      settings: noProxies,
    }),
  );
  try {
    await listenPrivately(server, place.path);
  } catch (error) {
    place.remove();
    throw error;
  }
  server.on('error', (error) => log.error({ err: error }, 'the local socket has a problem'));
  return {
    path: place.path,
    async close() {
      stopFollowing?.();
      await close(streams.endAll);
      place.remove();
    },
  };
}

/** Under a path too long for a socket, a private folder for temporary files takes it; owner.json says where it is. */
function placeOf(dataDir: string): { path: string; remove(): void } {
  if (process.platform === 'win32') {
    const name = createHash('sha256').update(resolve(dataDir).toLowerCase()).digest('hex').slice(0, 32);
    return { path: `\\\\.\\pipe\\signalbox-${name}`, remove: () => undefined };
  }
  const inside = resolve(dataDir, 'console.sock');
  if (Buffer.byteLength(inside) <= maxPathBytes) {
    // Left by a process that was killed; the lock on the data directory says that it is nobody's now.
    rmSync(inside, { force: true });
    return { path: inside, remove: () => rmSync(inside, { force: true }) };
  }
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-'));
  return { path: join(folder, 'console.sock'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The socket never exists with another mode: it is made inside `listen`, before the old mask is back. */
function listenPrivately(server: Server, path: string): Promise<void> {
  return new Promise((done, reject) => {
    server.once('error', reject);
    const before = process.umask(0o177);
    try {
      server.listen({ path }, () => {
        server.removeListener('error', reject);
        if (process.platform !== 'win32') chmodSync(path, 0o600);
        done();
      });
    } finally {
      process.umask(before);
    }
  });
}
