// Rotates the key that this machine uses with another system: makes a new one, gives it to that system, confirms with the
// new key that it works, and only then takes it into use and retires the old one. Whatever goes wrong, a key that works
// is in KEY_FILE; a run that is tried again goes on where the last one stopped, by the files beside it.
//
// Event: any, such as CUSTOM_ROTATE_KEY, raised by hand or by a job, now or in some days.
// Environment:
//   KEYS_URL         where the other system takes keys; see `offer`, `confirm` and `retire` below for what is asked of it
//   KEY_FILE         holds the key in use, readable for its owner alone; other jobs read it as a secret: { file: … }
//   ROTATE_ATTEMPTS  of each request, 4
//   ROTATE_WAIT_MS   before the second attempt, 1000; doubles each time
import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { defineJob, type Run } from 'signalbox';
import { envNumber, needEnv, RefusedError, sendRequest } from './lib/send-request.ts';

/** What both sides call a key, without saying what it is. */
const idOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 16);

async function readLine(file: string): Promise<string | null> {
  try {
    const line = (await readFile(file, 'utf8')).trim();
    return line === '' ? null : line;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** A renamed file is on disk once its folder is. Windows opens no folders, and keeps them by itself. */
async function move(from: string, to: string): Promise<void> {
  await rename(from, to);
  if (process.platform === 'win32') return;
  const folder = await open(dirname(to), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** On disk before anything is done with it: a key the other system knows and nobody here has would be lost for good. */
async function writeLine(file: string, line: string): Promise<void> {
  const target = await open(`${file}.writing`, 'w', 0o600);
  try {
    await target.writeFile(`${line}\n`);
    await target.sync();
  } finally {
    await target.close();
  }
  await move(`${file}.writing`, file);
}

function otherSystem(url: string, run: Run) {
  const base = url.replace(/\/+$/, '');
  const usual = {
    attempts: envNumber('ROTATE_ATTEMPTS', 4),
    firstWaitMs: envNumber('ROTATE_WAIT_MS', 1000),
    signal: run.signal,
    onRetry: (why: string, waitMs: number) => run.log(`${why}; trying again in ${Math.round(waitMs)} ms`),
  };
  const as = (key: string) => () => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });
  return {
    /** PUT /keys/<id> {key} by the key in use. Repeated with the same id, it changes nothing. */
    offer: (key: string, by: string) =>
      sendRequest(`${base}/keys/${idOf(key)}`, {
        ...usual,
        method: 'PUT',
        headers: as(by),
        body: JSON.stringify({ key }),
      }),
    /** GET /keys/current by the new key: 200 {"id": …} with the id of the key that asked. */
    async confirm(key: string): Promise<boolean> {
      try {
        const { body } = await sendRequest(`${base}/keys/current`, { ...usual, method: 'GET', headers: as(key) });
        const answer: unknown = JSON.parse(body);
        return typeof answer === 'object' && answer !== null && 'id' in answer && answer.id === idOf(key);
      } catch (error) {
        if (error instanceof RefusedError || error instanceof SyntaxError) return false;
        throw error;
      }
    },
    /** DELETE /keys/<id> by the new key. One that is gone already is as good. */
    async retire(old: string, by: string): Promise<void> {
      try {
        await sendRequest(`${base}/keys/${idOf(old)}`, { ...usual, method: 'DELETE', headers: as(by) });
      } catch (error) {
        if (!(error instanceof RefusedError) || error.status !== 404) throw error;
      }
    },
  };
}

export default defineJob(async (_event, run) => {
  const file = needEnv('KEY_FILE', 'the file with the key in use');
  const system = otherSystem(needEnv('KEYS_URL', 'the address of the system that takes keys'), run);
  const [nextFile, oldFile, lastFile] = [`${file}.next`, `${file}.old`, `${file}.last`];
  let current = await readLine(file);
  if (current === null) throw new Error(`${file} has no key: put the one that is in use there`);

  // This run's last attempt was cut off when all was done, or it would not be tried again.
  const [lastRun, lastRetired] = (await readLine(lastFile))?.split(' ') ?? [];
  if (lastRun === run.id) {
    await rm(oldFile, { force: true });
    return rotated(idOf(current), lastRetired ?? '');
  }

  // What is there says how far an earlier run came: the new key alone, made and perhaps given; the old one beside it,
  // confirmed; an old one that is not in use any more, to be retired.
  const kept = await readLine(oldFile);
  const old = kept ?? current;
  let next = await readLine(nextFile);
  if (old === current) {
    const isConfirmed = next !== null && kept === current;
    let isGiven = isConfirmed;
    if (next === null) {
      next = `sbk_${randomBytes(32).toString('base64url')}`;
      await writeLine(nextFile, next);
    } else {
      run.notice('Going on with the new key that an earlier run has made');
      isGiven ||= await system.confirm(next);
    }
    if (!isGiven) {
      run.progress(20, `Giving the key ${idOf(next)} to the other system`);
      await system.offer(next, current);
      run.progress(50, 'Confirming with the new key');
      if (!(await system.confirm(next))) {
        return {
          status: 'failed',
          heading: 'The new key was not confirmed',
          message: `The other system does not take the new key ${idOf(next)}. The old one, ${idOf(current)}, stays in use.`,
          next: { type: 'retry' },
        };
      }
    }
    if (!isConfirmed) await writeLine(oldFile, current);
    await move(nextFile, file);
    current = next;
  }

  run.progress(80, 'Retiring the old key');
  await system.retire(old, current);
  await writeLine(lastFile, `${run.id} ${idOf(old)}`);
  await rm(oldFile, { force: true });
  run.progress(100, 'Done');
  return rotated(idOf(current), idOf(old));
});

const rotated = (keyId: string, retiredKeyId: string) => ({
  heading: 'The key was rotated',
  message: `Key ${keyId} is in use and confirmed; key ${retiredKeyId} is retired.`,
  keyId,
  retiredKeyId,
});
