import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  opendirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
} from 'node:fs';
import { extname, join } from 'node:path';
import { AppError } from '../../../shared/contract/errors.ts';
import { maxReadFileBytes, type RunFile } from '../../../shared/contract/run-files.ts';
import { errorCode } from '../../../shared/error-code.ts';
import { errorText } from '../../../shared/error-text.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { findRun } from '../../store/runs/find-run.ts';
import { cutText, maxRunFileEntries, maxRunFiles, maxRunFilesBytes, printBytes } from '../channel-limits.ts';
import type { JobsUser } from '../process/jobs-user.ts';
import { removeFiles, removeFilesNow } from '../process/remove-files.ts';

/** Where runs leave files: a folder each, named as the run, for as long as the run is kept. */
export const runFilesFolder = (dataDir: string): string => join(dataDir, 'run-files');

/** What was not kept is said by name, up to here. */
const maxSaidFiles = 20;
const maxRemovedSingly = 50;
/** No separators and no control characters, and no hidden file: it is offered to a person under this name. */
const namePattern = /^(?!\.)[^/\\\p{Cc}]{1,200}$/u;

const contentTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.txt': 'text/plain',
  '.log': 'text/plain',
  '.md': 'text/markdown',
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
  '.gz': 'application/gzip',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** True when there was nothing in it to keep, or no such folder. */
function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
}

/** The first names in a folder: a job may have written a million. */
function readNames(folder: string): { names: string[]; isAll: boolean } {
  const names: string[] = [];
  const dir = opendirSync(folder);
  try {
    for (let entry = dir.readSync(); entry !== null; entry = dir.readSync()) {
      if (names.length === maxRunFileEntries) return { names, isAll: false };
      names.push(entry.name);
    }
    return { names, isAll: true };
  } finally {
    dir.closeSync();
  }
}

/** Moves it aside and removes it there: a folder with a million files takes seconds, in which the app goes on. */
export function removeAside(path: string, aside: string, user: JobsUser | null): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return;
  }
  // What is left of it goes with the stray files of the next start.
  removeFiles(aside, user);
}

/**
 * When an attempt has ended: what cannot be kept goes, and so does a folder that nothing is in. Answers what to say about
 * it. Throws what the file system throws.
 */
function settleFiles(folder: string, user: JobsUser | null): string[] {
  if (removeEmpty(folder)) return [];
  const { names, isAll } = readNames(folder);
  const dropped: { name: string; why: string }[] = [];
  const files: { name: string; sizeBytes: number }[] = [];
  for (const name of names) {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (!stats.isFile()) dropped.push({ name, why: 'only files are kept, no folders and no links' });
    else if (user !== null && stats.uid !== user.uid) dropped.push({ name, why: `it does not belong to ${user.name}` });
    else if (!namePattern.test(name)) dropped.push({ name, why: 'its name cannot be shown' });
    else files.push({ name, sizeBytes: stats.size });
  }
  // The smallest stay: one that is too large must not take the others with it.
  files.sort((a, b) => a.sizeBytes - b.sizeBytes);
  const kept: string[] = [];
  let bytes = 0;
  for (const { name, sizeBytes } of files) {
    bytes += sizeBytes;
    if (bytes > maxRunFilesBytes) dropped.push({ name, why: `a run may leave ${printBytes(maxRunFilesBytes)}` });
    else if (kept.length === maxRunFiles) dropped.push({ name, why: `a run may leave ${maxRunFiles} files` });
    else kept.push(name);
  }
  if (!isAll || dropped.length > maxRemovedSingly) keepOnly(folder, kept, user);
  else dropped.forEach(({ name }, index) => void removeAside(join(folder, name), `${folder}.dropped-${index}`, user));
  removeEmpty(folder);
  const said = dropped
    .slice(0, maxSaidFiles)
    .map(({ name, why }) => `The file "${cutText(name, 100)}" was not kept: ${why}.`);
  if (dropped.length > maxSaidFiles) said.push(`${dropped.length - maxSaidFiles} more files were not kept.`);
  if (!isAll) said.push(`The run wrote more than ${maxRunFileEntries} files: only ${kept.length} of them were kept.`);
  return said;
}

function keepOnly(folder: string, names: readonly string[], user: JobsUser | null): void {
  const aside = `${folder}.dropped`;
  renameSync(folder, aside);
  mkdirSync(folder, { mode: 0o700 });
  for (const name of names) renameSync(join(aside, name), join(folder, name));
  removeAside(aside, `${folder}.dropped-all`, user);
}

/** The same, with what went wrong among what is said. */
export function keepFiles(folder: string, user: JobsUser | null): string[] {
  try {
    return settleFiles(folder, user);
  } catch (error) {
    return [`The files of the run could not be read: ${errorText(error)}`];
  }
}

/** What a run has left, by name; none while nothing was written. */
export function listRunFiles(folder: string): RunFile[] {
  let names: string[];
  try {
    names = readNames(folder).names;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return names.sort().flatMap((name) => {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return stats?.isFile() === true && namePattern.test(name) ? [{ name, sizeBytes: stats.size }] : [];
  });
}

/** Throws AppError: such a file is not there, or too large. */
export function readRunFile(folder: string, name: string): { name: string; contentType: string; base64: string } {
  const missing = new AppError(
    'not_found',
    `The run has left no file "${name}"; it may have been removed with older runs.`,
  );
  if (!namePattern.test(name)) throw missing;
  let descriptor: number;
  try {
    // A job may have put anything there: a link is not followed, and a pipe must not block the app.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    descriptor = openSync(join(folder, name), flags);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ELOOP') throw missing;
    throw error;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw missing;
    if (stats.size > maxReadFileBytes) {
      throw new AppError('too_large', `"${name}" has ${stats.size} bytes; ${maxReadFileBytes} can be downloaded here.`);
    }
    const contentType = contentTypes[extname(name).toLowerCase()] ?? 'application/octet-stream';
    return { name, contentType, base64: readFileSync(descriptor).toString('base64') };
  } finally {
    closeSync(descriptor);
  }
}

/** Files of runs that are gone. */
export function removeStrayFiles(dataDir: string, db: ReadableDb, user: JobsUser | null): void {
  const root = runFilesFolder(dataDir);
  let folders: string[];
  try {
    folders = readdirSync(root);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  for (const id of folders) {
    if (findRun(db, id) === null) removeFilesNow(join(root, id), user);
  }
}
