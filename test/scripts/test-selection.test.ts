import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { selectTests } from '../../scripts/test-selection.mjs';

const root = join(import.meta.dirname, '../..');

describe('npm test -- <file>', () => {
  it('hands files and folders to the runner they belong to, and passes options on', () => {
    expect(selectTests(['test/scripts/stamp.test.ts', 'test/e2e/desktop.spec.ts', '-t', 'a name'], root)).toEqual({
      files: ['test/scripts/stamp.test.ts'],
      specs: ['test/e2e/desktop.spec.ts'],
      flags: ['-t', 'a name'],
    });
    expect(selectTests(['test/e2e'], root)).toEqual({ files: [], specs: ['test/e2e'], flags: [] });
  });

  it('takes a path from the folder it was typed in', () => {
    expect(selectTests(['stamp.test.ts'], join(root, 'test/scripts')).files).toEqual(['test/scripts/stamp.test.ts']);
  });

  it('refuses a file that does not exist, instead of finding nothing to run', () => {
    expect(() => selectTests(['test/nothing.test.ts'], root)).toThrow(
      'There is no test file or folder test/nothing.test.ts.',
    );
  });
});

it('.nvmrc names the Node that the scripts and tests run on', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(readFileSync(join(root, '.nvmrc'), 'utf8').trim()).toBe(devDependencies.node);
});
