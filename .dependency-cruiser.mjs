// Who may import whom. ARCHITECTURE.md shows this table; test/scripts/import-rules.test.ts holds the two together.
// `npm run check` runs it over electron, renderer and shared, type-only imports included.

/** Each folder with the folders it may import from, beside itself. */
export const folders = {
  'shared/exact-json': ['shared'],
  'shared/times': ['shared'],
  'shared/conditions': ['shared'],
  'shared/query': ['shared'],
  'shared/failures': ['shared'],
  'shared/columns': ['shared'],
  'shared/exports': ['shared'],
  'shared/vendors': [],
  'shared/proxy': [],
  'shared/contract': ['shared/conditions', 'shared/exact-json'],
  'electron/store': ['shared'],
  'electron/outgoing': ['shared'],
  'electron/sources': ['electron/intake', 'electron/outgoing', 'shared'],
  'electron/receiver': ['electron/intake', 'electron/sources', 'shared'],
  'electron/intake': ['electron/runs', 'electron/store', 'shared'],
  'electron/listeners': ['electron/intake', 'electron/store', 'shared'],
  'electron/runs': ['electron/store', 'shared'],
  'electron/jobs': ['electron/intake', 'electron/runs', 'electron/store', 'shared'],
  'electron/destinations': [
    'electron/jobs',
    'electron/outgoing',
    'electron/runs',
    'electron/sources',
    'electron/store',
    'shared',
  ],
  'electron/definitions': [
    'electron/destinations',
    'electron/jobs',
    'electron/listeners',
    'electron/sources',
    'electron/store',
    'shared',
  ],
  'electron/alarms': ['electron/outgoing', 'electron/store', 'shared'],
  'electron/accounts': ['electron/store', 'shared'],
  'electron/console': [
    'electron/accounts',
    'electron/alarms',
    'electron/definitions',
    'electron/destinations',
    'electron/intake',
    'electron/jobs',
    'electron/listeners',
    'electron/receiver',
    'electron/runs',
    'electron/sources',
    'electron/store',
    'shared',
  ],
  'electron/cluster': [
    'electron/definitions',
    'electron/intake',
    'electron/runs',
    'electron/store',
    'electron/upkeep',
    'shared',
  ],
  'electron/demo': ['shared'],
  'electron/upkeep': ['electron/store', 'shared'],
  'electron/runtime': [
    'electron/accounts',
    'electron/alarms',
    'electron/cluster',
    'electron/console',
    'electron/definitions',
    'electron/demo',
    'electron/destinations',
    'electron/intake',
    'electron/jobs',
    'electron/listeners',
    'electron/receiver',
    'electron/runs',
    'electron/sources',
    'electron/store',
    'electron/upkeep',
    'shared',
  ],
  'electron/cli': ['electron/console', 'electron/runtime', 'electron/upkeep', 'shared'],
  'electron/desktop': ['electron/console', 'electron/runtime', 'electron/upkeep', 'shared'],
  'renderer/errors': ['shared'],
  'renderer/browser': [],
  'renderer/keyboard': ['shared'],
  'renderer/client': ['renderer/browser', 'renderer/errors', 'shared'],
  'renderer/ui': ['renderer/browser', 'renderer/errors', 'renderer/keyboard', 'shared'],
  'renderer/model': ['renderer/browser', 'renderer/client', 'renderer/errors', 'renderer/keyboard', 'shared'],
  'renderer/domain': [
    'renderer/browser',
    'renderer/client',
    'renderer/errors',
    'renderer/keyboard',
    'renderer/model',
    'renderer/ui',
    'shared',
  ],
  'renderer/features': [
    'renderer/browser',
    'renderer/client',
    'renderer/domain',
    'renderer/errors',
    'renderer/keyboard',
    'renderer/model',
    'renderer/ui',
    'shared',
  ],
  'renderer/app': [
    'renderer/browser',
    'renderer/client',
    'renderer/errors',
    'renderer/features',
    'renderer/keyboard',
    'renderer/model',
    'renderer/ui',
    'shared',
  ],
};

/** Folders inside a folder: each may import those to its left, and none to its right. */
export const layers = {
  'shared/conditions': ['patterns', 'values', 'flatfile', 'evaluate', 'explain', 'parse', 'vendor-filters'],
  'electron/store': [
    'migrations',
    'database',
    'paging',
    'accounts',
    'definitions',
    'alarms',
    'events',
    'runs',
    'failures',
    'search',
    'lists',
    'statistics',
    'write',
    'log',
    'upkeep',
    'read',
  ],
  'electron/receiver': ['answer', 'request', 'admit', 'body', 'delivery'],
  'electron/jobs': [
    'masks',
    'process',
    'programs',
    'output',
    'attempt',
    'script',
    'approval',
    'run',
    'queue',
    'operator',
  ],
  'electron/definitions': ['checks', 'changes', 'config'],
  'electron/console': ['calls', 'push', 'auth', 'handlers', 'http'],
  'electron/desktop': ['pages', 'window', 'status', 'menu', 'updates', 'login', 'connections', 'lifetime'],
};

/** Files outside the folders. */
export const entries = {
  'electron/cli.ts': ['electron/cli', 'electron/runtime'],
  'electron/desktop.ts': ['electron/desktop', 'electron/runtime', 'electron/upkeep', 'shared'],
  'electron/headless.ts': ['electron/runtime', 'shared'],
  'electron/preload.ts': ['shared'],
  'renderer/main.tsx': ['renderer/app'],
};

/** Packages that only these may import. */
export const packages = {
  electron: ['electron/desktop', 'electron/desktop.ts', 'electron/preload.ts'],
  'better-sqlite3': ['electron/store'],
  '@nats-io': ['electron/cluster'],
  express: ['electron/receiver', 'electron/console'],
  react: ['renderer'],
  zustand: ['renderer/features', 'renderer/keyboard', 'renderer/model'],
};

/** All that shared may import: it runs in Node and in browsers. */
const purePackages = ['zod', 're2js'];

const inFolder = (path) =>
  path.endsWith('.ts') || path.endsWith('.tsx') ? `^${path.replace('.', '[.]')}$` : `^${path}/`;
const inAny = (paths) => paths.map(inFolder).join('|');
const ours = '^(?:electron|renderer|shared)/';
const inPackage = (name) => `(?:^|/)node_modules/${name}/`;

const ofFolder = ([folder, may]) => ({
  name: folder,
  comment: `${folder} may import ${may.length === 0 ? 'nothing of ours' : may.join(', ')} (.dependency-cruiser.mjs)`,
  severity: 'error',
  from: { path: inFolder(folder) },
  to: { path: ours, pathNot: inAny([folder, ...may]) },
});

export default {
  options: {
    // TypeScript 7 has no parser to call; swc reads the same syntax.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
  forbidden: [
    ...Object.entries({ ...folders, ...entries }).map(ofFolder),
    ...Object.entries(layers).flatMap(([folder, inside]) =>
      inside.slice(0, -1).map((layer, i) => ({
        name: `${folder}/${layer}`,
        comment: `in ${folder} imports go one way: ${inside.join(' ← ')}`,
        severity: 'error',
        from: { path: inFolder(`${folder}/${layer}`) },
        to: { path: inAny(inside.slice(i + 1).map((right) => `${folder}/${right}`)) },
      })),
    ),
    {
      name: 'files of shared itself',
      comment: 'files beside the folders of shared may import from shared alone',
      severity: 'error',
      from: { path: '^shared/[^/]+$' },
      to: { path: ours, pathNot: '^shared/' },
    },
    {
      name: 'a folder has its rule',
      comment: 'every folder has a row here and in ARCHITECTURE.md that says what it may import',
      severity: 'warn',
      from: { path: ours, pathNot: `^shared/[^/]+$|${inAny([...Object.keys(folders), ...Object.keys(entries)])}` },
      to: {},
    },
    ...Object.entries(packages).map(([name, users]) => ({
      name: `who imports ${name}`,
      comment: `only ${users.join(', ')} may import ${name}`,
      severity: 'error',
      from: { path: ours, pathNot: inAny(users) },
      to: { path: inPackage(name) },
    })),
    {
      name: 'shared is pure',
      comment: `shared runs in Node and in browsers, on ${purePackages.join(' and ')} alone`,
      severity: 'error',
      from: { path: '^shared/' },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-peer', 'npm-optional'],
        pathNot: purePackages.map(inPackage).join('|'),
      },
    },
    {
      name: 'the renderer has no Node',
      comment: 'the renderer reaches the main process only through renderer/client',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'features stand alone',
      comment: 'a screen does not import another: share what both need',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'no circles',
      comment: 'files that import each other in a circle, by types alone too, can only be read together',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no lost imports',
      comment: 'the imported file or package is not there',
      severity: 'error',
      from: { path: ours },
      to: { couldNotResolve: true },
    },
  ],
};
