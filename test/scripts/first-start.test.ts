import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const scripts = join(import.meta.dirname, '../../scripts');

/** What loading a file loads with it; dynamic imports are made later. */
function staticImports(file: string, met = new Map<string, string[]>()): Map<string, string[]> {
  if (met.has(file)) return met;
  const text = readFileSync(file, 'utf8');
  const names = [...text.matchAll(/^(?:import|export)\b[^'";]*?from '([^']+)'|^import '([^']+)'/gm)].map(
    ([, from, bare]) => from ?? bare ?? '',
  );
  met.set(file, names);
  for (const name of names) if (name.startsWith('.')) staticImports(join(dirname(file), name), met);
  return met;
}

it.each(['start', 'test', 'dev', 'build', 'check', 'bootstrap', 'package'])(
  'npm run %s begins without a package installed',
  (name) => {
    const loaded = staticImports(join(scripts, `${name}.mjs`));
    const packages = [...loaded].flatMap(([file, names]) =>
      names.filter((one) => !one.startsWith('.') && !one.startsWith('node:')).map((one) => `${file}: ${one}`),
    );
    expect(loaded.size).toBeGreaterThan(3);
    expect(packages).toEqual([]);
  },
);
