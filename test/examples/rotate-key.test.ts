import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { newDataDir } from '../runtime/open-app.ts';

const resources = resolve(import.meta.dirname, '../../resources');
const idOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 16);

/** A system that takes keys as the example describes it, and remembers what it did, not what it was asked. */
async function keySystem() {
  const keys = new Map([[idOf('old-key'), 'old-key']]);
  const done: string[] = [];
  const server = createServer(async (request, response) => {
    const bearer = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const id = request.url?.split('/').at(-1) ?? '';
    const answer = (status: number, body?: unknown) => response.writeHead(status).end(JSON.stringify(body));
    if (keys.get(idOf(bearer)) !== bearer) return answer(401);
    if (request.method === 'GET') {
      done.push('confirmed');
      return answer(200, { id: idOf(bearer) });
    }
    if (request.method === 'DELETE') {
      if (!keys.delete(id)) return answer(404);
      done.push('retired');
      return answer(204);
    }
    const { key } = z.object({ key: z.string() }).parse(await json(request));
    done.push(keys.has(id) ? 'given again' : 'given');
    keys.set(id, key);
    return answer(204);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, keys, done };
}

function installExample() {
  const folder = newDataDir();
  cpSync(join(resources, 'examples/jobs'), folder, { recursive: true });
  cpSync(join(resources, 'signalbox'), join(folder, 'node_modules/signalbox'), { recursive: true });
  mkdirSync(join(folder, 'keys'));
  const keyFile = join(folder, 'keys/current');
  writeFileSync(keyFile, 'old-key\n');
  return { script: join(folder, 'rotate-key.ts'), keyFile, keysFolder: join(folder, 'keys') };
}

/** One attempt, killed at the step when there is one. */
async function attempt(script: string, env: Record<string, string>, crashAt = -1) {
  const runner = join(import.meta.dirname, 'crashing-run.ts');
  const child = spawn(process.execPath, [runner, script, String(crashAt)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<NodeJS.Signals | number | null>((done) => {
    child.once('close', (code, signal) => done(signal ?? code));
  });
  const [output, errors, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { end, output, errors };
}

async function rotateWithCrashes(crashes: readonly number[]) {
  const system = await keySystem();
  const { script, keyFile, keysFolder } = installExample();
  const env = { KEYS_URL: system.url, KEY_FILE: keyFile, ROTATE_WAIT_MS: '1' };
  let crashed = 0;
  for (const crashAt of [...crashes, -1]) {
    const { end, output, errors } = await attempt(script, env, crashAt);
    const key = readFileSync(keyFile, 'utf8').trim();
    expect([...system.keys.values()], 'the key in use works').toContain(key);
    if (end === 'SIGKILL') {
      crashed += 1;
      continue;
    }
    expect(end, errors).toBe(0);
    expect(output).toContain('The key was rotated');
    break;
  }
  const key = readFileSync(keyFile, 'utf8').trim();
  expect(key).not.toBe('old-key');
  expect([...system.keys.values()]).toEqual([key]);
  expect(
    readdirSync(keysFolder)
      .filter((name) => name !== 'current.writing')
      .sort(),
  ).toEqual(['current', 'current.last']);
  // It may be asked for again when a crash has swallowed an answer; done it is once, and in this order.
  const { done } = system;
  expect(done.filter((step, at) => step !== done[at - 1])).toEqual(['given', 'confirmed', 'retired']);
  expect(done.filter((step) => step !== 'confirmed')).toEqual(['given', 'retired']);
  return crashed;
}

it('goes on after a crash at any of its steps, does none twice and skips none', async () => {
  let crashAt = 0;
  while ((await rotateWithCrashes([crashAt])) > 0) crashAt += 1;
  // Three files are written, moved and synced, and there are three requests.
  expect(crashAt).toBeGreaterThan(15);
});

it.each([
  [9, 2],
  [6, 5, 3],
  [13, 1, 1],
  [3, 3, 3],
])('goes on after several crashes in a row, at %i and %i', async (...crashes) => {
  expect(await rotateWithCrashes(crashes)).toBeGreaterThan(1);
});
