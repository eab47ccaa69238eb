import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { errorText } from '../../shared/error-text.ts';
import { CliError } from './exit-codes.ts';

/** The text of a file, or of standard input for `-`. Throws CliError. */
export async function readTextInput(file: string, stdin: Readable): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = file === '-' ? await buffer(stdin) : await readFile(file);
  } catch (error) {
    throw new CliError('usage', `${file} cannot be read: ${errorText(error)}.`, { cause: error });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CliError('usage', `${file === '-' ? 'Standard input' : file} is not text in UTF-8.`);
  }
}
