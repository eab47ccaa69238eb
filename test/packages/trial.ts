import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { z } from 'zod';
import { ask } from '../process/http.ts';

export const root = join(import.meta.dirname, '../..');
const execute = promisify(execFile);

/** Runs a program to its end and gives what it printed; throws with all of that when it fails. */
export async function run(
  program: string,
  args: readonly string[],
  options: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {},
) {
  return await execute(program, args, { cwd: '/', maxBuffer: 64e6, ...options });
}

/** A source, a command job and a script job that imports the job API, as a config file in `dir`. */
export function writeConfig(dir: string): string {
  mkdirSync(dir, { recursive: true });
  writeFileSync(
    join(dir, 'greet.ts'),
    `import { defineJob, type Event } from 'signalbox';
interface Person { name: string }
export default defineJob<Person>((event: Event<Person>, run) => {
  run.log('greeting');
  return { greeted: event.payload.name };
});
`,
  );
  const file = join(dir, 'signalbox.yaml');
  writeFileSync(
    file,
    `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.type, id: $.id } }
jobs:
  - { slug: shout, kind: command, command: [sh, -c, "cat > /dev/null; echo shouted"] }
  - { slug: greet, kind: script, file: greet.ts }
listeners:
  - { slug: shouts, source: crm, type: user.created, job: shout }
  - { slug: greets, source: crm, type: user.created, job: greet }
`,
  );
  return file;
}

const runsReply = z.object({
  value: z.object({ items: z.array(z.object({ id: z.string(), job: z.string(), state: z.string() }).loose()) }).loose(),
});

export interface Addresses {
  receiver: string;
  console: string;
  /** File of the console's token. */
  tokenFile: string;
}

export async function call(addresses: Addresses, name: string, input: unknown): Promise<unknown> {
  const { status, text } = await ask(`${addresses.console}/api/${name}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${readFileSync(addresses.tokenFile, 'utf8').trim()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(input),
  });
  if (status !== 200) throw new Error(`${name} was answered ${status}: ${text}`);
  return JSON.parse(text);
}

export const runs = async (addresses: Addresses) =>
  runsReply.parse(await call(addresses, 'runs.list', { limit: 50 })).value.items;

/** Delivers one event to the receiver; both jobs must succeed. Gives the id of the script's run. */
export async function deliverAndRun(addresses: Addresses, id: string): Promise<string> {
  const before = (await runs(addresses)).length;
  const { status, text } = await ask(`${addresses.receiver}/in/crm`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'user.created', id, name: 'Ada' }),
  });
  expect({ status, text }).toMatchObject({ status: 202 });
  await expect
    .poll(async () => {
      const all = await runs(addresses);
      return all
        .slice(0, all.length - before)
        .map(({ job, state }) => `${job} ${state}`)
        .sort();
    })
    .toEqual(['greet completed', 'shout completed']);
  const greeting = (await runs(addresses)).find(({ job }) => job === 'greet')?.id ?? '';
  expect(JSON.stringify(await call(addresses, 'runs.get', { id: greeting }))).toContain('"greeted":"Ada"');
  return greeting;
}

/** Collects what a process prints; `exit` resolves with its code. */
export function start(program: string, args: readonly string[], options: SpawnOptions) {
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', ...options });
  let printed = '';
  const collect = (chunk: Buffer): void => {
    printed += chunk.toString('utf8');
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code));
  });
  return { child, exit, printed: () => printed };
}

export type Started = ReturnType<typeof start>;

/** The two addresses that a server prints once it is ready. */
export async function printedAddresses(server: Started, tokenFile: string): Promise<Addresses> {
  const find = () => /receiver (http:\S+)\/in\/<source>\s+console (http:[^\s?]+?)\/?\?/.exec(server.printed());
  await expect.poll(find, { message: 'the server prints its addresses' }).not.toBeNull();
  const [, receiver = '', consoleUrl = ''] = find() ?? [];
  return { receiver, console: consoleUrl, tokenFile };
}
