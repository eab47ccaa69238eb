import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const store = join(import.meta.dirname, '../../electron');

it('all SQL of the table runs stands in store/runs', () => {
  const files = globSync('**/*.ts', { cwd: store }).filter((file) => !file.includes('migrations'));
  const found = files.filter((file) =>
    /\b(FROM|JOIN|INTO|UPDATE)\s+runs\b/.test(readFileSync(join(store, file), 'utf8')),
  );
  expect(found.length).toBeGreaterThan(5);
  expect(found.filter((file) => !file.startsWith(join('store', 'runs')))).toEqual([]);
});
