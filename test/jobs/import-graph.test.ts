import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readImportGraph } from '../../electron/jobs/approval/import-graph.ts';
import { readImports } from '../../electron/jobs/approval/module-imports.ts';

function folderWith(files: Record<string, string>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-graph-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function graphOf(files: Record<string, string>, entry = 'main.ts') {
  const folder = folderWith(files);
  const graph = await readImportGraph([join(folder, entry)]);
  const short = (path: string): string => relative(folder, path);
  return {
    folder,
    files: graph.files.map(({ path }) => short(path)),
    packages: graph.packages.map(({ name, version }) => `${name}@${version}`),
    open: graph.open.map((line) => line.replaceAll(`${folder}/`, '')),
    contents: [...graph.contents.keys()].map(short).sort(),
    graph,
  };
}

const packageOf = (name: string, version: string, more: object = {}): string =>
  JSON.stringify({ name, version, ...more });

describe('the imports of a module', () => {
  it.each([
    ["import './a.js'", ['./a.js']],
    ["import a, { b } from 'a'", ['a']],
    ["export { x } from './x.mjs'; export * from './y'", ['./x.mjs', './y']],
    ["const x = await import('./lazy.js')", ['./lazy.js']],
    ['const x = await import(`./lazy.js`)', ['./lazy.js']],
    ["import(flag ? './a' : './b')", ['./a', './b']],
    ["import('./a' + '.js')", ['./a.js']],
    ["const a = require('./a'), b = require.resolve('./b')", ['./a', './b']],
    ["module.require('./a')", ['./a']],
    [
      "import { createRequire } from 'node:module'; const load = createRequire(import.meta.url); load('./a')",
      ['node:module', './a'],
    ],
    ["createRequire(import.meta.url)('./a')", ['./a']],
    ["new Worker(new URL('./worker.js', import.meta.url))", ['./worker.js']],
    ["import.meta.resolve('./a')", ['./a']],
    ["import data from './data.json' with { type: 'json' }", ['./data.json']],
  ])('%s', (text, specifiers) => {
    expect(readImports(text, 'x.mjs')).toEqual({ specifiers, open: [] });
  });

  it.each([
    ["import type { A } from './types.ts'; export type { B } from './more.ts'", []],
    ["import { type A, run } from './run.ts'", ['./run.ts']],
    ["import fs = require('./legacy')", ['./legacy']],
    [
      "enum Level { low } namespace N { export const x = <number>1 } export default (y: unknown) => import('./z' as string)",
      ['./z'],
    ],
    ["class A { constructor(private readonly x: string) {} @log() go(): void {} }; import './a.ts'", ['./a.ts']],
    ['const text = "import(\'./not\')"; // require("./neither")', []],
  ])('in TypeScript: %s', (text, specifiers) => {
    expect(readImports(text, 'x.ts')).toEqual({ specifiers, open: [] });
  });

  it.each([
    [
      `const name = "a";\nawait import(\`./plugins/\${name}.js\`)`,
      ['line 2: an import() of what is only known when it runs'],
    ],
    ['require(process.argv[2])', ['line 1: a require() of what is only known when it runs']],
    ['run(require)', ['line 1: require, passed on']],
    ['const load = require; load("./a")', ['line 1: require, passed on']],
    ['eval(text)', ['line 1: code made of text (eval)']],
    ['new Function(text)', ['line 1: a function made of text']],
    ['const url = new URL(name, import.meta.url)', ['line 1: a file beside it of what is only known when it runs']],
  ])('that only a run will show are named: %s', (text, open) => {
    expect(readImports(text, 'x.mjs').open).toEqual(open);
  });

  it('are not made up of what cannot be parsed', () => {
    expect(readImports('this is ( no module', 'x.js')).toEqual({
      specifiers: [],
      open: [expect.stringMatching(/^cannot be parsed/)],
    });
  });

  it('are read however deep a module is nested', () => {
    expect(readImports(`${'('.repeat(300)}import('./a')${')'.repeat(300)}`, 'x.mjs').specifiers).toEqual(['./a']);
    expect(readImports(`x = ${'1 + '.repeat(500)}1; import('./a')`, 'x.mjs').specifiers).toEqual(['./a']);
    // Too deep for the parser: said, not passed over.
    expect(readImports(`x = ${'1 + '.repeat(100_000)}1; import('./a')`, 'x.mjs').open).toHaveLength(1);
    const many = `import(${"(x ? 'a' : 'b') + ".repeat(30)}'')`;
    expect(readImports(many, 'x.mjs').open).toEqual(['line 1: an import() of what is only known when it runs']);
  });
});

describe('the graph of a script', () => {
  it('has every local file, whatever loads it and whatever extension is left out, and each once', async () => {
    const { files, packages, open } = await graphOf({
      'main.ts': `import { a } from './a'; import './b.js'; import data from './data.json'; import './folder';
        import('./lazy.mjs'); import fs from 'node:fs'; import { defineJob } from 'signalbox'; import './a.ts';`,
      'a.ts': "import './main.ts'; export const a = 1;",
      'b.ts': "const c = require('./c');",
      'c.cjs': '',
      'data.json': '{}',
      'folder/index.ts': "import '../shared/deep';",
      'shared/deep.js': 'import "./with%20space.js?v=1";',
      'shared/with space.js': '',
      'lazy.mjs': '',
      'unused.ts': '',
    });
    expect(files).toEqual(
      [
        'a.ts',
        'b.ts',
        'data.json',
        'folder/index.ts',
        'lazy.mjs',
        'main.ts',
        'shared/deep.js',
        'shared/with space.js',
        'c.cjs',
      ].sort(),
    );
    expect({ packages, open }).toEqual({ packages: [], open: [] });
  });

  it('has packages with all of their files and all they depend on', async () => {
    const { packages, open, contents } = await graphOf(
      {
        'jobs/main.ts': "import dep from 'dep/sub.js'; import scoped from '@scope/pkg';",
        'node_modules/dep/package.json': packageOf('dep', '1.2.3', {
          dependencies: { inner: '*', hoisted: '*', gone: '*' },
        }),
        'node_modules/dep/sub.js': '',
        'node_modules/dep/lib/other.js': '',
        'node_modules/dep/node_modules/inner/package.json': packageOf('inner', '0.1.0'),
        'node_modules/hoisted/package.json': packageOf('hoisted', '2.0.0', { optionalDependencies: { dep: '*' } }),
        'node_modules/@scope/pkg/package.json': packageOf('@scope/pkg', '5.0.0'),
        'node_modules/unused/package.json': packageOf('unused', '1.0.0'),
      },
      'jobs/main.ts',
    );
    expect(packages).toEqual(['@scope/pkg@5.0.0', 'dep@1.2.3', 'inner@0.1.0', 'hoisted@2.0.0']);
    expect(open).toEqual([]);
    expect(contents).toEqual([
      'jobs/main.ts',
      'node_modules/@scope/pkg/package.json',
      'node_modules/dep/lib/other.js',
      'node_modules/dep/node_modules/inner/package.json',
      'node_modules/dep/package.json',
      'node_modules/dep/sub.js',
      'node_modules/hoisted/package.json',
    ]);
  });

  it('follows links to packages of a workspace', async () => {
    const folder = folderWith({
      'apps/job/main.mjs': "import 'mine';",
      'packages/mine/package.json': packageOf('mine', '0.0.1', { dependencies: { dep: '*' } }),
      'packages/mine/index.js': '',
      'packages/mine/node_modules/dep/package.json': packageOf('dep', '3.0.0'),
    });
    mkdirSync(join(folder, 'apps/job/node_modules'));
    symlinkSync('../../../packages/mine', join(folder, 'apps/job/node_modules/mine'));
    const { packages } = await readImportGraph([join(folder, 'apps/job/main.mjs')]);
    expect(packages.map(({ name, path }) => [name, relative(folder, path)])).toEqual([
      ['mine', 'packages/mine'],
      ['dep', 'packages/mine/node_modules/dep'],
    ]);
  });

  it('follows #imports and a package’s own name through its package.json', async () => {
    const { files, open } = await graphOf({
      'package.json': packageOf('own', '1.0.0', {
        imports: { '#db/*': { node: './src/db/*.ts', default: './src/other/*.ts' } },
        exports: { './tools': './src/tools.ts' },
      }),
      'main.ts': "import '#db/open'; import 'own/tools';",
      'src/db/open.ts': '',
      'src/other/open.ts': '',
      'src/tools.ts': '',
    });
    expect(files).toEqual(['main.ts', 'package.json', 'src/db/open.ts', 'src/other/open.ts', 'src/tools.ts']);
    expect(open).toEqual([]);
  });

  it('names what is not there and what only a run will show', async () => {
    const { open } = await graphOf({
      'main.ts': "import './lost'; import 'nowhere'; import 'https://example.com/x.js'; import(globalThis.x);",
    });
    expect(open).toEqual([
      'main.ts imports ./lost, which is not there.',
      'main.ts imports https://example.com/x.js, which is not there.',
      'main.ts imports nowhere, which is not there.',
      'main.ts line 1: an import() of what is only known when it runs.',
    ]);
  });

  it('changes with each byte of each file, also under the same date and size', async () => {
    const { folder, graph } = await graphOf({
      'main.ts': "import './a.ts'; import 'dep';",
      'a.ts': '1',
      'node_modules/dep/package.json': packageOf('dep', '1.0.0'),
      'node_modules/dep/index.js': '1',
    });
    const hashes = async (): Promise<string[]> => {
      const again = await readImportGraph([join(folder, 'main.ts')]);
      return [...again.files, ...again.packages].map(({ sha256 }) => sha256);
    };
    const before = [...graph.files, ...graph.packages].map(({ sha256 }) => sha256);
    expect(await hashes()).toEqual(before);
    writeFileSync(join(folder, 'a.ts'), '2');
    writeFileSync(join(folder, 'node_modules/dep/index.js'), '2');
    const after = await hashes();
    expect(after.filter((hash, index) => hash !== before[index])).toHaveLength(2);
  });
});
