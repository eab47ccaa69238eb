// Rotates the key that this machine uses with another system: makes a new one, gives it to that system, confirms with the
// new key that it works, and only then takes it into use and retires the old one. Whatever goes wrong, a key that works
// is in KEY_FILE; a run that is tried again goes on where the last one stopped.
//
// Event: any, such as CUSTOM_ROTATE_KEY, raised by hand or by a job, now or in some days.
// Environment:
//   KEYS_URL         where the other system takes keys; see `offer`, `confirm` and `retire` below for what is asked of it
//   KEY_FILE         holds the key in use, readable for its owner alone; other jobs read it as a secret: { file: … }
//   ROTATE_ATTEMPTS  of each request, 4
//   ROTATE_WAIT_MS   before the second attempt, 1000; doubles each time
import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { defineJob, type Run } from 'signalbox';
import { envNumber, needEnv, RefusedError, sendRequest } from './lib/send-request.ts';

/** What both sides call a key, without saying what it is. */
const idOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 16);

async function readKey(file: string): Promise<string | null> {
  try {
    const key = (await readFile(file, 'utf8')).trim();
    return key === '' ? null : key;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** On disk before anything is done with it: a key the other system knows and nobody here has would be lost for good. */
async function writeKey(file: string, key: string): Promise<void> {
  const target = await open(`${file}.writing`, 'w', 0o600);
  try {
    await target.writeFile(`${key}\n`);
    await target.sync();
  } finally {
    await target.close();
  }
  await rename(`${file}.writing`, file);
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
  const [nextFile, oldFile] = [`${file}.next`, `${file}.old`];
  let current = await readKey(file);
  if (current === null) throw new Error(`${file} has no key: put the one that is in use there`);

  let old = await readKey(oldFile);
  // Without a new key that is still to be confirmed, an earlier run came as far as taking it into use.
  const isSwitched = old !== null && old !== current;
  if (!isSwitched) {
    let next = await readKey(nextFile);
    if (next === null) {
      next = `sbk_${randomBytes(32).toString('base64url')}`;
      await writeKey(nextFile, next);
    } else run.notice('Going on with the new key that an earlier run has made');

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
    old = current;
    await writeKey(oldFile, old);
    await rename(nextFile, file);
    current = next;
  }

  run.progress(80, 'Retiring the old key');
  if (old !== null) await system.retire(old, current);
  await rm(oldFile, { force: true });
  run.progress(100, 'Done');
  return {
    heading: 'The key was rotated',
    message: `Key ${idOf(current)} is in use and confirmed${old === null ? '' : `; key ${idOf(old)} is retired`}.`,
    keyId: idOf(current),
    retiredKeyId: old === null ? null : idOf(old),
  };
});
