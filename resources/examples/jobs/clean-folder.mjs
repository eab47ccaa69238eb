// Removes files that have not changed for some days from one folder, in two jobs so that nothing goes unseen:
//
//   node clean-folder.mjs --list   lists what would be removed, and removes nothing; the list is its outcome
//   node clean-folder.mjs          removes what is on the list it is given, in the event `job:completed` of the former
//
// The second is to be a job with `approval: required`: who approves it sees the event, hence the list. What has changed
// since it was listed stays. Subfolders and links are left alone.
//
// Environment:
//   CLEAN_FOLDER  absolute
//   CLEAN_DAYS    files unchanged for this long, 30
import { lstat, readdir, realpath, unlink, writeFile } from 'node:fs/promises';
import { basename, isAbsolute, join, parse } from 'node:path';
import { text } from 'node:stream/consumers';

const maxFiles = 1000;
const dayMs = 86_400_000;

/**
 * What the first job says and the second is given.
 * @typedef {{ folder?: unknown, files?: { name?: unknown, sizeBytes?: unknown, changedMs?: unknown }[] }} Listed
 */

/** @param {string} line */
const say = (line) => console.log(line);
/** @param {import('signalbox').Json} outcome */
const finish = (outcome) => writeFile(process.env.SIGNALBOX_OUTCOME_PATH ?? 'outcome.json', JSON.stringify(outcome));
/** @param {number} bytes */
const size = (bytes) => (bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`);

async function openFolder() {
  const folder = process.env.CLEAN_FOLDER ?? '';
  if (!isAbsolute(folder)) throw new Error('CLEAN_FOLDER must be the absolute path of a folder');
  const real = await realpath(folder);
  if (real === parse(real).root || real === process.env.HOME)
    throw new Error(`CLEAN_FOLDER must not be ${real} itself`);
  return real;
}

/** @param {string} folder */
async function list(folder) {
  const days = Number(process.env.CLEAN_DAYS ?? 30);
  if (!Number.isFinite(days) || days <= 0) throw new Error('CLEAN_DAYS must be a number above 0');
  const before = Date.now() - days * dayMs;
  const files = [];
  let isMore = false;
  for (const name of (await readdir(folder)).sort()) {
    const stats = await lstat(join(folder, name));
    if (!stats.isFile() || stats.mtimeMs >= before) continue;
    if (files.length === maxFiles) {
      isMore = true;
      break;
    }
    files.push({ name, sizeBytes: stats.size, changedMs: Math.floor(stats.mtimeMs) });
    say(`would remove ${name} (${size(stats.size)}, changed ${stats.mtime.toISOString().slice(0, 10)})`);
  }
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (isMore) say(`::notice::There are more than ${maxFiles}; the others come with the next list`);
  await finish({
    heading: files.length === 0 ? 'Nothing to remove' : `${files.length} files could be removed`,
    message: `${folder}: ${files.length} files of ${size(sizeBytes)} have not changed for ${days} days.`,
    folder,
    count: files.length,
    files,
  });
}

/**
 * @param {string} folder
 * @param {Listed | null | undefined} listed
 */
async function remove(folder, listed) {
  if (listed?.folder !== folder || !Array.isArray(listed.files)) {
    throw new Error(`the event has no list of ${folder}: this job starts after the one that lists`);
  }
  let removed = 0;
  let sizeBytes = 0;
  for (const [index, file] of listed.files.entries()) {
    const { name } = file;
    if (typeof name !== 'string' || name !== basename(name) || name === '' || name === '.' || name === '..') {
      throw new Error(`"${name}" is no name of a file`);
    }
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (stats?.isFile() && stats.size === file.sizeBytes && Math.floor(stats.mtimeMs) === file.changedMs) {
      await unlink(path);
      removed += 1;
      sizeBytes += stats.size;
      say(`removed ${name}`);
    } else if (stats !== null) say(`::warning::${name} has changed since it was listed and stays`);
    say(`::progress percent=${Math.round((100 * (index + 1)) / listed.files.length)}::${name}`);
  }
  await finish({
    heading: `${removed} files were removed`,
    message: `${folder}: ${removed} of ${listed.files.length} listed files, ${size(sizeBytes)}.`,
    removed,
    sizeBytes,
  });
}

/** @type {import('signalbox').Event<{ outcome?: Listed | null } | null>} */
const event = JSON.parse(await text(process.stdin));
const folder = await openFolder();
if (process.argv.includes('--list')) await list(folder);
else await remove(folder, event.payload?.outcome);
