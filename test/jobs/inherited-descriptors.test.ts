import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { withoutInherited } from '../../electron/jobs/inherited-descriptors.ts';
import { marked, nodeJob, openRunner, scriptJob, shellJob } from './open-runner.ts';

/** Opened by a shell without close-on-exec for the process that asks, as Chromium does: 20 descriptors with gaps. */
const leaky = [...Array.from({ length: 20 }, (_, index) => 7 + 3 * index), 300];

const linkOf = (pid: number | 'self', descriptor: string): string => {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    return '';
  }
};

it('a child gets what it was meant to get, and knows when it could not be started', async () => {
  const highest = Math.max(...readdirSync('/proc/self/fd').map(Number));
  const output = await new Promise<string>((resolve) => {
    const child = withoutInherited(['ignore', 'pipe', 'inherit'], (stdio, coveredTo) => {
      expect(coveredTo).toBeGreaterThan(highest);
      return spawn('ls', ['/proc/self/fd'], { stdio });
    });
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.on('close', () => resolve(said));
  });
  expect(output.split('\n')).toEqual(expect.arrayContaining(['0', '1', '2']));
  const fail = (program: string, cwd: string): Promise<Error> =>
    new Promise((resolve) => {
      withoutInherited(['ignore', 'pipe', 'inherit'], (stdio) => spawn(program, { stdio, cwd })).on('error', resolve);
    });
  expect(await fail('/no/such/program', '/')).toMatchObject({ code: 'ENOENT' });
  expect(await fail('ls', '/no/such/folder')).toMatchObject({ code: 'ENOENT' });
});

it('leaves no descriptor of its own open', () => {
  const count = (): number => readdirSync('/proc/self/fd').length;
  const before = count();
  for (let round = 0; round < 20; round++) withoutInherited(['ignore', 'ignore', 'ignore'], () => null);
  expect(count()).toBe(before);
});
