import { execFile, execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfigText } from '../../electron/runtime/config/read-config-text.ts';
import { eventually } from '../support/eventually.ts';
import { exampleConfig, openConfig } from './open-config.ts';

const many = 20_000;
/** The YAML library compares each key of a map with all before it. */
const manyKeys = 4000;

/** Times that other work got its turn while `waiting` lasted. */
async function turnsDuring(waiting: Promise<unknown>): Promise<number> {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 5);
  await waiting.catch(() => undefined);
  clearInterval(timer);
  return turns;
}

const mistakes = {
  definitions: `version: 1\nsources:\n${'  - { slug: s, preset: generic, colour: red }\n'.repeat(many)}`,
  keys: `version: 1\nsettings:\n${Array.from({ length: manyKeys }, (_, n) => `  k${n}: 1\n`).join('')}`,
  yaml: `version: 1\n${'a: 1\n'.repeat(manyKeys)}`,
};

describe('a config file with thousands of mistakes', () => {
  for (const [kind, text] of Object.entries(mistakes)) {
    it(`in its ${kind} is refused in a few lines, while the app goes on with its work`, async () => {
      const { config } = await openConfig(text);
      let message = '';
      const refused = config.applyAtStart().catch((error: unknown) => {
        message = String(error);
        throw error;
      });
      expect(await turnsDuring(refused)).toBeGreaterThan(10);
      expect(message.split('\n')).toHaveLength(21);
      expect(message).toMatch(/signalbox\.yaml:\d+: .*\n.*and (199|39)\d\d more problems$/s);
      expect(message.length).toBeLessThan(10_000);
    });
  }

  it('that only show when it is applied says the same', async () => {
    const twice = Array.from({ length: 1200 }, (_, n) => `  - { slug: s${n % 600}, preset: generic }\n`);
    const { config } = await openConfig(`version: 1\nsources:\n${twice.join('')}`);
    await expect(config.applyAtStart()).rejects.toThrow(/:603: sources\[600\]\.slug.*twice.*\nand 580 more problems$/s);
  });
});

describe.skipIf(process.platform === 'win32')('a config file that is no file any more', () => {
  it('is refused as what it is, holds up no later change, and does not hold up the end', async () => {
    const { config, definitions, file } = await openConfig(exampleConfig);
    await config.applyAtStart();
    await config.follow();
    rmSync(file);
    execFileSync('mkfifo', [file]);
    config.applyAgain();
    await eventually(() => expect(config.status().error).toMatch(/not a regular file \(a pipe/));
    expect(definitions.listeners.get('big-files').version).toBe(1);
    rmSync(file);
    writeFileSync(file, exampleConfig.replace('value: 10', 'value: 30'));
    await eventually(() => expect(definitions.listeners.get('big-files').version).toBe(2));
    expect(config.status().error).toBeNull();

    rmSync(file);
    execFileSync('mkfifo', [file]);
    config.applyAgain();
    await config.close();
  });

  it('is noticed by itself when a pipe is put in its place', async () => {
    const { config, file } = await openConfig(exampleConfig);
    await config.applyAtStart();
    await config.follow();
    execFileSync('mkfifo', [`${file}.pipe`]);
    execFileSync('mv', [`${file}.pipe`, file]);
    await eventually(() => expect(config.status().error).toMatch(/not a regular file|can no longer be detected/));
  });

  it('may be a pipe at the start, as a shell makes it of a command', async () => {
    const { config, definitions, file } = await openConfig('');
    rmSync(file);
    execFileSync('mkfifo', [file]);
    const writing = writeInParts(file, exampleConfig);
    await config.applyAtStart();
    await writing;
    expect(definitions.listeners.get('big-files').version).toBe(1);
  });

  it('may be a pipe whose writer comes after the reader', async () => {
    const { config, definitions, file } = await openConfig('');
    rmSync(file);
    execFileSync('mkfifo', [file]);
    // Opening it waits for a reader.
    const writing = promisify(execFile)('sh', ['-c', 'printf %s "$1" > "$0"', file, exampleConfig]);
    await config.applyAtStart();
    await writing;
    expect(definitions.listeners.get('big-files').version).toBe(1);
  });

  it('is refused as the pipe that it is when nobody writes to it', async () => {
    const { file } = await openConfig('');
    rmSync(file);
    execFileSync('mkfifo', [file]);
    await expect(readConfigText(file, { pipes: true, maxMs: 300 })).rejects.toThrow(
      'it is a pipe (FIFO), and nothing was written to it within 0.3 s',
    );
  });

  it('or a folder, is refused at the start too', async () => {
    const { config, file } = await openConfig('');
    rmSync(file);
    execFileSync('mkdir', [file]);
    await expect(config.applyAtStart()).rejects.toThrow(/it is a folder/);
  });
});

/** Holds the pipe open, and writes in two parts. */
async function writeInParts(file: string, text: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(text.slice(0, 100));
  await new Promise((done) => setTimeout(done, 60));
  await handle.write(text.slice(100));
  await handle.close();
}
