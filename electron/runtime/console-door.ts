import { AppError } from '../../shared/contract/errors.ts';
import { errorText } from '../../shared/error-text.ts';
import { consoleTokenFile, readOrCreateConsoleToken } from '../console/console-token.ts';
import {
  type ConsoleServer,
  type ConsoleServerOptions,
  type SignInUrl,
  startConsoleServer,
} from '../console/http-server.ts';
import { StartError } from '../upkeep/start-error.ts';
import { listening } from './listening.ts';
import type { Address } from './runtime-types.ts';

export interface ConsoleDoor {
  /** Null while it is closed. */
  url(): string | null;
  /** Throws AppError `unavailable` when the console is closed. */
  createSignInUrl(): SignInUrl;
  /** Listens, where the options say so. Throws StartError when it cannot. */
  open(dataDir: string, options: Omit<ConsoleServerOptions, 'host' | 'port' | 'token'>): Promise<void>;
  close(): Promise<void>;
}

/** The console's HTTP server; with `null` it stays closed, as on the desktop by default. */
export function createConsoleDoor(address: Address | null): ConsoleDoor {
  let server: ConsoleServer | null = null;
  return {
    url: () => server?.url ?? null,
    createSignInUrl() {
      if (server !== null) return server.createSignInUrl();
      const advice = 'Start it with --console HOST:PORT.';
      throw new AppError('unavailable', `This Signalbox has no console for browsers. ${advice}`);
    },
    async open(dataDir, options) {
      if (address === null) return;
      const token = await openToken(dataDir);
      server = await listening('--console', address, startConsoleServer({ ...address, ...options, token }));
    },
    async close() {
      await server?.close();
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
