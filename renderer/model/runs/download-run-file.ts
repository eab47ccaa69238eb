import { bytesOf, saveFile } from '../../browser/save-file.ts';
import { call } from '../../client/index.ts';

/** Saves a file that a run has written. */
export async function downloadRunFile(id: string, name: string): Promise<void> {
  const { contentType, base64 } = await call('runs.readFile', { id, name });
  saveFile(name.split('/').at(-1) ?? name, contentType, bytesOf(base64));
}
