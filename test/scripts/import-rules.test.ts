import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { entries, folders, layers, packages } from '../../.dependency-cruiser.mjs';

const root = join(import.meta.dirname, '../..');
const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** The rows of the table: each folder and what its row says that it may import, under full names. */
function documentedFolders(): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const line of architecture.split('\n')) {
    const [, first = '', , may = ''] = /^\| *(.+?) *\| *(.+?) *\| *(.+?) *\|$/.exec(line) ?? [];
    if (!/^`(?:electron|renderer|shared)\//.test(first)) continue;
    for (const folder of names(first)) {
      const side = folder.slice(0, folder.indexOf('/'));
      found[folder] = names(may).map((name) => (name === 'shared' || name.includes('/') ? name : `${side}/${name}`));
    }
  }
  return found;
}

const sorted = (record: Record<string, readonly string[]>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(record).map(([name, list]) => [name, list.toSorted()]));

test('ARCHITECTURE.md says of every folder what the import rules say', () => {
  expect(sorted(documentedFolders())).toEqual(sorted(folders));
});

test('ARCHITECTURE.md shows the layers inside a folder in the order of the import rules', () => {
  const documented = architecture.split('\n').flatMap((line) => {
    const folder = /^\| `([^`]+)` \|/.exec(line)?.[1];
    const chain = /`[a-z-]+`(?: ← `[a-z-]+`)+/.exec(line)?.[0];
    return folder === undefined || chain === undefined ? [] : [[folder, names(chain)] as const];
  });
  expect(Object.fromEntries(documented)).toEqual(layers);
});

test('ARCHITECTURE.md says of every package with an owner what the import rules say', () => {
  const sentence = /^Only these may import the package: ([\s\S]*?)\. `shared` imports/m.exec(architecture)?.[1] ?? '';
  const documented = Object.fromEntries(
    sentence.split(';').map((part) => {
      const [name = '', ...users] = names(part);
      return [name, users];
    }),
  );
  expect(sorted(documented)).toEqual(sorted(packages));
});

test('every folder and every file beside the folders has a rule, and every rule something it is about', () => {
  const there = ['electron', 'renderer', 'shared'].flatMap((side) =>
    readdirSync(join(root, side))
      .map((name) => `${side}/${name}`)
      .filter((path) => statSync(join(root, path)).isDirectory() || /\.tsx?$/.test(path)),
  );
  expect([...Object.keys(folders), ...Object.keys(entries)].toSorted()).toEqual(
    // Files of shared beside its folders have one rule together.
    there.filter((path) => path !== 'renderer/public' && !/^shared\/.*\.ts$/.test(path)).toSorted(),
  );
});

test('every folder inside a layered folder has its place among the layers', () => {
  for (const [folder, inside] of Object.entries(layers)) {
    const there = readdirSync(join(root, folder)).filter((name) => statSync(join(root, folder, name)).isDirectory());
    expect(there.toSorted(), folder).toEqual(inside.toSorted());
  }
});

/** Exit code of the check over these files, and the rules that it says are broken. */
function cruise(files: Record<string, string>): { code: number | null; broken: string[] } {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-imports-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const [path, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const { status, stdout } = spawnSync(
    process.execPath,
    [program, '--config', join(root, '.dependency-cruiser.mjs'), '-T', 'err', '.'],
    { cwd: dir, encoding: 'utf8' },
  );
  return { code: status, broken: [...stdout.matchAll(/^ +error ([^:]+):/gm)].map(([, name = '']) => name).toSorted() };
}

test('imports that the rules allow pass', () => {
  const files = {
    'shared/contract/a.ts': 'export interface A { b: number }',
    'electron/console/b.ts':
      "import type { A } from '../../shared/contract/a.ts';\nexport const b = (a: A): number => a.b;",
  };
  expect(cruise(files)).toEqual({ code: 0, broken: [] });
});

test('a forbidden import, a circle of types alone and a missing file fail', () => {
  const files = {
    'shared/contract/a.ts': "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;",
    'electron/receiver/b.ts': "import type { C } from './c.ts';\nexport interface B { c: C }",
    'electron/receiver/c.ts': "import type { B } from './b.ts';\nexport interface C { b: B }",
    'electron/receiver/answer/h.ts': "export * from '../body/i.ts';",
    'electron/receiver/body/i.ts': 'export const i = 1;',
    'electron/console/d.ts': "export const d = () => import('../desktop/e.ts');",
    'electron/desktop/e.ts': "export * from './gone.ts';",
    'renderer/features/one/f.tsx': "import type { G } from '../two/g.tsx';\nexport const f = (g: G) => <b>{g.h}</b>;",
    'renderer/features/two/g.tsx': 'export interface G { h: string }',
  };
  expect(cruise(files)).toEqual({
    code: 6,
    broken: [
      'electron/console',
      'electron/receiver/answer',
      'features stand alone',
      'no circles',
      'no lost imports',
      'shared is pure',
    ],
  });
});
