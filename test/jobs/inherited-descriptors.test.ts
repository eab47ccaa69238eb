import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withoutInherited } from '../../electron/jobs/process/inherited-descriptors.ts';
import { tempStore } from '../support/temp-store.ts';
import { listsDescriptors, readDescriptors } from './descriptors.ts';

const numbers = (listed: Map<number, string>): number[] => [...listed.keys()].sort((a, b) => a - b);

it('the guardian, scripts, commands and their children have no descriptor of an app that leaks them', async () => {
  const { dir } = tempStore();
  const leaked = openSync(join(dir, 'leaked'), 'w');
  // Node marks what it finds open at its start, up to the first gap above 15: those above are inherited, as Chromium's.
  const stdio = Array.from({ length: 320 }, (_, number) =>
    number < 3
      ? ('inherit' as const)
      : (number > 20 && number < 60 && number % 2 === 0) || number === 310
        ? leaked
        : 'ignore',
  );
  const host = spawn(process.execPath, [new URL('./descriptor-host.ts', import.meta.url).pathname, dir], { stdio });
  closeSync(leaked);
  expect(await once(host, 'exit')).toEqual([0, null]);
  const [command, guardian, worker, childOfWorker] = listsDescriptors(dir).files.map((file) =>
    readDescriptors(readFileSync(file, 'utf8')),
  );
  expect(numbers(command ?? new Map())).toEqual([0, 1, 2]);
  expect(numbers(childOfWorker ?? new Map())).toEqual([0, 1, 2]);
  for (const [name, listed] of Object.entries({ guardian, worker })) {
    const targets = [...(listed ?? new Map<number, string>())];
    expect(targets.length, name).toBeGreaterThan(5);
    expect(
      targets.filter(([, target]) => target.includes('leaked')),
      name,
    ).toEqual([]);
    // Beside its protocol only what Node itself opens: its event loop, its signals, what it waits for. The guardian may just hand
    // an event to a command, whose input is a file.
    const isOwn = (target: string): boolean =>
      /^anon_inode:|^pipe:|^socket:|^\/dev\/null$/.test(target) ||
      (name === 'guardian' && /\/run-temp\/run_[^/]+\/event\.json$/.test(target));
    expect(
      targets.filter(([number, target]) => number > 3 && !isOwn(target)),
      name,
    ).toEqual([]);
  }
});

it('a child that cannot be started says so', async () => {
  const fail = (program: string, cwd: string): Promise<unknown> =>
    once(
      withoutInherited(['ignore', 'pipe', 'inherit'], (stdio) => spawn(program, { stdio, cwd })),
      'error',
    );
  expect(await fail('/no/such/program', '/')).toMatchObject([{ code: 'ENOENT' }]);
  expect(await fail('ls', '/no/such/folder')).toMatchObject([{ code: 'ENOENT' }]);
});

it('leaves no descriptor of its own open, and costs little', () => {
  const count = (): number => readdirSync('/proc/self/fd').length;
  const before = count();
  const from = process.cpuUsage();
  for (let round = 0; round < 100; round++) withoutInherited(['ignore', 'ignore', 'ignore'], () => null);
  const { user, system } = process.cpuUsage(from);
  expect((user + system) / 100_000, 'ms of the processor').toBeLessThan(5);
  expect(count()).toBe(before);
});
