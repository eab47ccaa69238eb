import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { createProgram } from '../../electron/cli/program.ts';
import { programFiles } from '../../electron/runtime/program-files.ts';
import { commandReference } from './command-reference.ts';

const file = join(import.meta.dirname, '../../docs/cli.md');
const mark =
  '<!-- From here on made from the definitions: UPDATE_DOCS=1 npm test -- test/cli/documentation.test.ts -->\n';

const nothing = { write: () => true };
const program = createProgram({
  stdin: Readable.from([]),
  stdout: nothing,
  stderr: nothing,
  env: {},
  files: programFiles(import.meta),
  argv: [],
  signals: null,
  interrupted: () => new AbortController().signal,
  endWith: () => undefined,
});

it('docs/cli.md describes every command, option and exit code as they are defined', () => {
  const reference = commandReference(program);
  const [before = ''] = readFileSync(file, 'utf8').split(mark);
  if (process.env.UPDATE_DOCS === '1') writeFileSync(file, `${before}${mark}\n${reference}`);
  expect(readFileSync(file, 'utf8').split(mark)[1]).toBe(`\n${reference}`);
});

it('docs/cli.md and the README name no command that is not there', () => {
  const known = (words: readonly string[]): boolean => {
    let at = program;
    for (const word of words) {
      if (at.commands.length === 0) return true;
      const next = at.commands.find((one) => one.name() === word);
      if (next === undefined) return false;
      at = next;
    }
    return true;
  };
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const examples = `${readFileSync(file, 'utf8').split(mark)[0]}\n${readme}`
    .split('\n')
    .flatMap((line) => [...line.matchAll(/(?:^|[`(])signalbox ((?:[a-z]+ ?)+)/g)])
    .map(([, words = '']) => words.trim().split(' '));
  expect(examples.length).toBeGreaterThan(5);
  expect(examples.filter((words) => !known(words))).toEqual([]);
});
