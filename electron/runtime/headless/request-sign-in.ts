import { readFile } from 'node:fs/promises';
import { contract } from '../../../shared/contract/index.ts';
import { replySchema } from '../../../shared/contract/reply.ts';
import { consoleTokenFile } from '../../console/auth/console-token.ts';
import { readOwner } from '../../upkeep/data-dir/data-dir.ts';
import { isRunningOn } from '../../upkeep/data-dir/running-instance.ts';
import { StartError } from '../../upkeep/start-error.ts';

const timeoutMs = 10_000;

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
};

/**
 * `--sign-in`: asks the running instance of a data directory for addresses that sign one browser in, with its console
 * token. Returns the lines to print; throws StartError that says what is missing.
 */
export async function requestSignIn(dataDir: string): Promise<string[]> {
  const owner = readOwner(dataDir);
  if (owner === null || !isRunningOn(dataDir)) {
    throw new StartError(
      'sign_in_failed',
      `no Signalbox is running on the data directory ${dataDir}; name another with --data-dir`,
    );
  }
  if (typeof owner.consoleUrl !== 'string') {
    throw new StartError(
      'sign_in_failed',
      `the Signalbox on ${dataDir} (process ${owner.pid}) has no console for browsers; start it with --console HOST:PORT`,
    );
  }
  const token = await readFile(consoleTokenFile(dataDir), 'utf8').catch((error: unknown) => {
    throw new StartError(
      'sign_in_failed',
      `the console token cannot be read: ${reasonOf(error)}; run this as the user of the server`,
    );
  });
  const { url, publicUrl, expiresAt } = await ask(owner.consoleUrl, token.trim());
  const minutes = Math.round((Date.parse(expiresAt) - Date.now()) / 60_000);
  return [
    `console ${url}`,
    ...(publicUrl === null ? [] : [`console ${publicUrl}`]),
    `Signs in one browser, once, within ${minutes} minutes.`,
  ];
}

async function ask(consoleUrl: string, token: string) {
  let text: string;
  try {
    const response = await fetch(`${consoleUrl}/api/app.createSignInUrl`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await response.text();
  } catch (error) {
    throw new StartError('sign_in_failed', `the console at ${consoleUrl} does not answer: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  const reply = replySchema.parse(JSON.parse(text));
  if (!reply.ok) throw new StartError('sign_in_failed', `the console at ${consoleUrl} refused: ${reply.error.message}`);
  return contract['app.createSignInUrl'].output.parse(reply.value);
}
