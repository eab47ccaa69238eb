import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';

const foreground = pathToFileURL(join(import.meta.dirname, '../../scripts/foreground.mjs')).href;

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signalbox-foreground-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A launcher around a child that runs the given code. */
function launch(code: string) {
  const childPath = join(directory, 'child.mjs');
  const launcherPath = join(directory, 'launcher.mjs');
  writeFileSync(childPath, code);
  writeFileSync(
    launcherPath,
    `import { runForeground } from ${JSON.stringify(foreground)};
     process.exitCode = await runForeground(process.execPath, [${JSON.stringify(childPath)}]);`,
  );
  // A group of its own, so that no terminal of the person running the tests is in play.
  return spawn(process.execPath, [launcherPath], { stdio: ['ignore', 'ignore', 'inherit'], detached: true });
}

const logPath = () => join(directory, 'log');
const log = () => readFileSync(logPath(), 'utf8');

describe('runForeground', () => {
  it("exits with the child's code", async () => {
    const [code] = await once(launch('process.exit(2)'), 'exit');
    expect(code).toBe(2);
  });

  it('hands a signal on once, however often it comes, and waits for the child to end', async () => {
    const launcher = launch(`
      import { appendFileSync, writeFileSync } from 'node:fs';
      const log = ${JSON.stringify(logPath())};
      writeFileSync(log, '');
      const stop = () => {
        appendFileSync(log, 'stop ');
        setTimeout(() => { appendFileSync(log, 'done'); process.exit(7); }, 300);
      };
      process.on('SIGTERM', stop);
      process.on('SIGINT', stop);
      setInterval(() => {}, 1000);
      appendFileSync(log, 'ready ');
    `);
    await eventually(() => expect(log()).toContain('ready'));
    launcher.kill('SIGTERM');
    launcher.kill('SIGINT');
    await eventually(() => expect(log()).toContain('stop'));
    launcher.kill('SIGTERM');
    const [code] = await once(launcher, 'exit');
    expect(code).toBe(7);
    expect(log()).toBe('ready stop done');
  });
});
