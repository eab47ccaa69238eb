import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { consoleTokenFile, readOrCreateConsoleToken } from '../../electron/console/auth/console-token.ts';

const newDir = () => mkdtemp(join(tmpdir(), 'signalbox-token-'));

it('makes a token of 256 bits that only its owner can read, and keeps it', async () => {
  const dir = await newDir();
  const token = await readOrCreateConsoleToken(dir);
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect((await stat(consoleTokenFile(dir))).mode & 0o777).toBe(0o600);
  expect((await readFile(consoleTokenFile(dir), 'utf8')).trim()).toBe(token);
  expect(await readOrCreateConsoleToken(dir)).toBe(token);
  expect(await readOrCreateConsoleToken(await newDir())).not.toBe(token);
});

it('closes a file that others could read', async () => {
  const dir = await newDir();
  const kept = 'k'.repeat(43);
  await writeFile(consoleTokenFile(dir), kept, { mode: 0o644 });
  expect(await readOrCreateConsoleToken(dir)).toBe(kept);
  expect((await stat(consoleTokenFile(dir))).mode & 0o777).toBe(0o600);
});

it.each(['', 'short', 'spaces in between spaces in between spaces in between'])(
  'replaces the weak token %j',
  async (weak) => {
    const dir = await newDir();
    await writeFile(consoleTokenFile(dir), weak);
    const token = await readOrCreateConsoleToken(dir);
    expect(token).not.toBe(weak);
    expect((await readFile(consoleTokenFile(dir), 'utf8')).trim()).toBe(token);
  },
);

it('fails rather than go without a token', async () => {
  await expect(readOrCreateConsoleToken(join(await newDir(), 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
});
