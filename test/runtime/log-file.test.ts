import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLog } from '../../electron/runtime/log/log.ts';
import { openLogFile } from '../../electron/runtime/log/log-file.ts';
import { tempDir } from '../support/temp-store.ts';

const limits = { maxBytes: 1000, kept: 3 };
const line = (number: number): string => `${JSON.stringify({ number, text: 'x'.repeat(80) })}\n`;
const numbersIn = (path: string): number[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text): number => JSON.parse(text).number);

function open(dir = tempDir()) {
  const path = join(dir, 'signalbox.log');
  return { dir, path, file: openLogFile(path, limits) };
}

describe('the log file', () => {
  it('is set aside before it grows too large, and the oldest goes, without losing a line in between', () => {
    const { dir, path, file } = open();
    for (let number = 0; number < 100; number += 1) file.write(line(number));
    file.close();
    expect(readdirSync(dir).sort()).toEqual(['signalbox.log', 'signalbox.log.1', 'signalbox.log.2', 'signalbox.log.3']);
    const files = [`${path}.3`, `${path}.2`, `${path}.1`, path];
    for (const one of files) {
      expect(statSync(one).size).toBeLessThanOrEqual(1000);
      expect(statSync(one).mode & 0o777).toBe(0o600);
    }
    const numbers = files.flatMap(numbersIn);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 100 - numbers.length + index));
    expect(numbers.length).toBeGreaterThan(24);
  });

  it('goes on where the last session ended', () => {
    const { dir, path, file } = open();
    for (let number = 0; number < 8; number += 1) file.write(line(number));
    file.close();
    const again = open(dir).file;
    for (let number = 8; number < 12; number += 1) again.write(line(number));
    again.close();
    expect([...numbersIn(`${path}.1`), ...numbersIn(path)]).toEqual(Array.from({ length: 12 }, (_, index) => index));
  });

  it('takes a line that is larger than a file', () => {
    const { path, file } = open();
    file.write(`${'y'.repeat(5000)}\n`);
    file.write(line(1));
    file.close();
    expect(statSync(`${path}.1`).size).toBe(5001);
    expect(numbersIn(path)).toEqual([1]);
  });

  it('goes on in the same file where it cannot be set aside, and tries again', () => {
    const { dir, path, file } = open();
    // Folders in the way of the renames, as any error of theirs.
    for (const name of ['signalbox.log.2', 'signalbox.log.3'])
      mkdirSync(join(dir, name, 'inside'), { recursive: true });
    for (let number = 0; number < 30; number += 1) file.write(line(number));
    expect(numbersIn(path)).toHaveLength(30);
    expect(existsSync(`${path}.new`)).toBe(false);
    rmSync(join(dir, 'signalbox.log.3'), { recursive: true });
    for (let number = 30; number < 33; number += 1) file.write(line(number));
    file.close();
    expect(numbersIn(`${path}.1`).length).toBeGreaterThanOrEqual(30);
    expect([...numbersIn(`${path}.1`), ...numbersIn(path)]).toHaveLength(33);
  });

  it('is not set aside when another program has just emptied it', () => {
    const { dir, path, file } = open();
    for (let number = 0; number < 9; number += 1) file.write(line(number));
    truncateSync(path);
    for (let number = 9; number < 14; number += 1) file.write(line(number));
    file.close();
    expect(readdirSync(dir)).toEqual(['signalbox.log']);
  });

  it('goes on at the new end of a file that another program has emptied, and takes no file that lay in its way', () => {
    const { path, file } = open();
    writeFileSync(`${path}.new`, 'left behind by a program that ended in between', { mode: 0o644 });
    for (let number = 0; number < 12; number += 1) file.write(line(number));
    expect(existsSync(`${path}.1`)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    truncateSync(path);
    file.write(line(12));
    file.close();
    // Without a hole where the emptied lines were.
    expect(numbersIn(path)).toEqual([12]);
    expect(statSync(path).size).toBe(line(12).length);
  });

  it('of the app has a bound, an old log of any size included', () => {
    const dir = tempDir();
    const path = join(dir, 'signalbox.log');
    writeFileSync(path, 'z'.repeat(11 * 1024 * 1024), { mode: 0o600 });
    const { log, close } = openLog(dir, 'info');
    log.info('first line after an upgrade');
    close();
    expect(statSync(path).size).toBeLessThan(1000);
    expect(statSync(`${path}.1`).size).toBe(11 * 1024 * 1024);
  });
});
