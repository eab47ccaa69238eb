import { AppError } from '../../../shared/contract/errors.ts';
import { errorText } from '../../../shared/error-text.ts';
import { consoleTokenFile, readOrCreateConsoleToken } from '../../console/auth/console-token.ts';
import type { SignInUrl } from '../../console/auth/sign-in-codes.ts';
import { type ConsoleServer, type ConsoleServerDeps, startConsoleServer } from '../../console/http/http-server.ts';
import { type LocalSocket, startLocalSocket } from '../../console/http/local-socket.ts';
import { StartError } from '../../upkeep/start-error.ts';
import type { Address } from '../runtime-types.ts';
import { listening } from './listening.ts';

export type ConsoleDeps = Omit<ConsoleServerDeps, 'host' | 'port' | 'token'>;

export interface ClosableConsole {
  /** Null while it is closed. */
  url(): string | null;
  /** Where programs of this user on this machine reach it: a Unix socket or a named pipe. Null when it could not be made. */
  socketPath(): string | null;
  /** Throws AppError `unavailable` when the console is closed. */
  createSignInUrl(): SignInUrl;
  /** Addresses of a path of the console; null where it is closed. */
  linksTo(path: string): { url: string | null; publicUrl: string | null };
  /** Listens, where the options say so, and on the local socket. Throws StartError when it cannot listen on the address. */
  open(dataDir: string, options: ConsoleDeps): Promise<void>;
  close(): Promise<void>;
}

/** The console's HTTP server; with `null` it stays closed, as on the desktop by default, and the local socket is all. */
export function createConsoleServer(address: Address | null): ClosableConsole {
  let server: ConsoleServer | null = null;
  let socket: LocalSocket | null = null;
  return {
    url: () => server?.url ?? null,
    socketPath: () => socket?.path ?? null,
    createSignInUrl() {
      if (server !== null) return server.createSignInUrl();
      const advice = 'Start it with --console HOST:PORT.';
      throw new AppError('unavailable', `This Signalbox has no console for browsers. ${advice}`);
    },
    linksTo: (path) => server?.linksTo(path) ?? { url: null, publicUrl: null },
    async open(dataDir, options) {
      let token: string | null = null;
      if (address !== null) {
        token = await openToken(dataDir);
        server = await listening('--console', address, startConsoleServer({ ...address, ...options, token }));
      }
      socket = await openSocket(dataDir, options, token);
    },
    async close() {
      await Promise.all([server?.close(), socket?.close()]);
    },
  };
}

async function openToken(dataDir: string): Promise<string> {
  try {
    return await readOrCreateConsoleToken(dataDir);
  } catch (error) {
    throw new StartError(
      'data_dir_unusable',
      `the console token in ${consoleTokenFile(dataDir)} cannot be used: ${errorText(error)}; move it away and start again`,
      { cause: error },
    );
  }
}

/** The command `signalbox` can do without it where there is an address, and the app can do without the command. */
async function openSocket(dataDir: string, options: ConsoleDeps, known: string | null): Promise<LocalSocket | null> {
  try {
    const token = known ?? (await readOrCreateConsoleToken(dataDir));
    return await startLocalSocket({ ...options, dataDir, token });
  } catch (error) {
    options.log.warn(
      { err: error },
      'the local socket could not be opened; the command signalbox needs --console HOST:PORT',
    );
    return null;
  }
}
