// npm run check: types, lint, import rules, dead code. All parts run, whatever the first one says.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bootstrap } from './bootstrap.mjs';
import { runNode } from './command.mjs';
import { modulesDir } from './paths.mjs';
import { readRelease, versionProblems } from './release.mjs';
import { runMain, say } from './say.mjs';

const inherit = { stdio: ['ignore', 'inherit', 'inherit'] };
const program = (...path) => join(modulesDir, ...path);
const types = (config) => ({
  name: `types (${config})`,
  run: () => runNode([program('typescript', 'bin', 'tsc'), '--project', config], inherit),
});

const cruised = ['--config', '.dependency-cruiser.mjs', 'electron', 'renderer', 'shared'];

/** The parts of the check, each `{name, run}`; `run` gives `{code}`. */
export const checks = [
  types('tsconfig.main.json'),
  types('tsconfig.renderer.json'),
  types('tsconfig.e2e.json'),
  types('tsconfig.examples.json'),
  {
    name: 'lint (biome)',
    run: () => runNode([program('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings'], inherit),
  },
  {
    name: 'import rules and circles (dependency-cruiser)',
    run: () => runNode([program('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'), ...cruised], inherit),
  },
  { name: 'dead code (knip)', run: () => runNode([program('knip', 'bin', 'knip.js')], inherit) },
  {
    name: 'code that only tests use (knip --production)',
    run: () => runNode([program('knip', 'bin', 'knip.js'), '--production'], inherit),
  },
  { name: 'version and changelog', run: checkVersion },
];

async function checkVersion() {
  const problems = versionProblems(readRelease());
  for (const problem of problems) process.stdout.write(`  ${problem}\n`);
  return { code: problems.length === 0 ? 0 : 1 };
}

/** Runs one part and says what came of it. */
export async function runCheck(check) {
  process.stdout.write(`\n— ${check.name}\n`);
  const { code } = await check.run();
  process.stdout.write(code === 0 ? '  passed\n' : '  failed\n');
  return code === 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runMain(async () => {
    await bootstrap();
    const failed = [];
    for (const check of checks) if (!(await runCheck(check))) failed.push(check.name);
    if (failed.length > 0) say(`check failed: ${failed.join(', ')}`);
    return failed.length === 0 ? 0 : 1;
  });
}
