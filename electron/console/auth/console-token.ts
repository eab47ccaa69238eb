import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { errorCode } from '../../../shared/error-code.ts';
import { newSecret } from '../../accounts/secret-text.ts';
import { isDiskFull } from '../../store/database/storage-errors.ts';

const tokenPattern = /^[A-Za-z0-9_-]{43,}$/;

export const consoleTokenFile = (dataDir: string): string => join(dataDir, 'console-token');

async function readToken(file: string): Promise<string | null> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    return tokenPattern.test(text) ? text : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * The secret that opens the console over HTTP: 256 random bits as base64url in `<data-dir>/console-token`, readable by
 * its owner alone. Made at the first start and kept; deleting the file and starting again makes a new one. A file that
 * holds something shorter is replaced, since a weak token is worse than a changed one.
 */
export async function readOrCreateConsoleToken(dataDir: string): Promise<string> {
  const file = consoleTokenFile(dataDir);
  const kept = await readToken(file);
  if (kept !== null) {
    await chmod(file, 0o600);
    return kept;
  }
  const token = newSecret();
  try {
    await writeFileAtomic(file, `${token}\n`, { mode: 0o600 });
  } catch (error) {
    // Valid until the end of this process, which can be used to make room.
    if (!isDiskFull(error)) throw error;
  }
  return token;
}
