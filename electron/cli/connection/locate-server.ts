import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorText } from '../../../shared/error-text.ts';
import { consoleTokenFile } from '../../console/auth/console-token.ts';
import { defaultDataDir, isOn } from '../../runtime/options.ts';
import { readOwner } from '../../upkeep/data-dir/data-dir.ts';
import { folderInShared } from '../../upkeep/data-dir/data-folder.ts';
import { isRunningOn } from '../../upkeep/data-dir/running-instance.ts';
import { CliError } from '../exit-codes.ts';
import { type Endpoint, noInstance } from './endpoint.ts';

export interface ServerOptions {
  /** Of a console that is reached over the network. */
  server?: string;
  dataDir?: string;
  tokenFile?: string;
}

export function dataDirOf({ dataDir }: ServerOptions, env: NodeJS.ProcessEnv): string {
  const path = resolve(dataDir === undefined || dataDir === '' ? defaultDataDir() : dataDir);
  return isOn(env.SIGNALBOX_ALLOW_SHARED_DATA_DIR) ? folderInShared(path) : path;
}

/**
 * The server that the options mean: `--server`, else the instance that runs on the data directory, through its local
 * socket, which the desktop app has too. Throws CliError that says what is missing.
 */
export function locateServer(options: ServerOptions, env: NodeJS.ProcessEnv): Endpoint {
  const dataDir = dataDirOf(options, env);
  const given = givenToken(options, env);
  if (options.server !== undefined && options.server !== '') {
    const url = parseServerUrl(options.server);
    return { label: url.href.replace(/\/+$/, ''), at: { url }, token: given ?? tokenOfOwnServer(url, dataDir) };
  }
  const owner = readOwner(dataDir);
  if (owner === null) throw noInstance(dataDir);
  if (typeof owner.socketPath === 'string') {
    return {
      label: dataDir,
      at: { socketPath: owner.socketPath },
      token: given ?? readToken(consoleTokenFile(dataDir)),
    };
  }
  if (!isRunningOn(dataDir)) throw noInstance(dataDir);
  if (typeof owner.consoleUrl !== 'string') {
    throw new CliError(
      'noServer',
      `The Signalbox on ${dataDir} (process ${owner.pid}) is starting, or its local socket could not be opened. Try again, or see its log.`,
    );
  }
  const url = parseServerUrl(owner.consoleUrl);
  return { label: owner.consoleUrl, at: { url }, token: given ?? readToken(consoleTokenFile(dataDir)) };
}

export function parseServerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '') return url;
  throw new CliError('usage', `--server must be an address such as https://signalbox.example.com, not ${text}.`);
}

function givenToken({ tokenFile }: ServerOptions, env: NodeJS.ProcessEnv): string | null {
  if (tokenFile !== undefined && tokenFile !== '') return readToken(resolve(tokenFile));
  const token = env.SIGNALBOX_TOKEN?.trim();
  return token === undefined || token === '' ? null : token;
}

/** The token in the data directory goes to no server but the one that runs on it. */
function tokenOfOwnServer(url: URL, dataDir: string): string {
  const owner = readOwner(dataDir);
  const isOwn = typeof owner?.consoleUrl === 'string' && new URL(owner.consoleUrl).origin === url.origin;
  if (isOwn && isRunningOn(dataDir)) return readToken(consoleTokenFile(dataDir));
  throw new CliError(
    'notAllowed',
    `No token for ${url.origin}. Give it in SIGNALBOX_TOKEN or with --token-file; on the server it is the file console-token in the data directory.`,
  );
}

function readToken(file: string): string {
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliError(
      'notAllowed',
      `The console token cannot be read: ${errorText(error)}. Run this as the user of the server, or give the token in SIGNALBOX_TOKEN.`,
      { cause: error },
    );
  }
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CliError('notAllowed', `${file} contains no token. Restart the server to create one.`);
}
