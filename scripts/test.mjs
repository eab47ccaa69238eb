// npm test: everything, on a machine set up for it. No part stops the others; the last line sums them up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { ensureBuilt } from './build-state.mjs';
import { checks, runCheck } from './check.mjs';
import { run } from './command.mjs';
import { electronEnv, ensureElectron } from './electron-dist.mjs';
import { modulesDir, nodePath } from './paths.mjs';
import { SetupError, say } from './say.mjs';
import { readJson } from './stamp.mjs';
import { chromiumPath, ensureTestPackages, findProgram, hasDisplay } from './system-packages.mjs';
import { formatSummary, judgeRunner, noTests, readPlaywrightReport, readVitestReport, sum } from './test-summary.mjs';

const inherit = ['ignore', 'inherit', 'inherit'];
const passedPart = { passed: 1, failed: 0, skipped: 0 };
const failedPart = { passed: 0, failed: 1, skipped: 0 };

/** Runs one part; whatever it throws is shown and counts as one failure. */
async function attempt(part) {
  try {
    return await part();
  } catch (error) {
    say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));
    return failedPart;
  }
}

/** Sets the machine up for the end-to-end tests and gives what their environment needs. Problems are said; the tests show them. */
async function prepareEndToEnd() {
  let dist;
  try {
    dist = await ensureElectron();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
  }
  for (const problem of await ensureTestPackages(dist?.executablePath)) say(problem);
  const chromium = chromiumPath();
  return {
    ...(dist === undefined ? {} : electronEnv(dist)),
    ...(chromium === undefined ? {} : { SIGNALBOX_CHROMIUM: chromium }),
  };
}

async function runVitest(directory) {
  process.stdout.write('\n— unit, contract and process tests (vitest)\n');
  const report = join(directory, 'vitest.json');
  const { code } = await run(
    nodePath,
    [
      join(modulesDir, 'vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { stdio: inherit },
  );
  const found = readJson(report);
  return judgeRunner({ exitCode: code, counts: found === undefined ? undefined : readVitestReport(found) });
}

async function runPlaywright(directory, env) {
  process.stdout.write('\n— end-to-end tests (playwright)\n');
  const report = join(directory, 'playwright.json');
  const command = [nodePath, join(modulesDir, '@playwright', 'test', 'cli.js'), 'test', '--reporter=list,json'];
  const isVirtual = !hasDisplay() && findProgram('xvfb-run') !== undefined;
  const [program, ...args] = isVirtual
    ? ['xvfb-run', '--auto-servernum', '--server-args=-screen 0 1440x900x24', ...command]
    : command;
  const { code } = await run(program, args, {
    stdio: inherit,
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  const found = readJson(report);
  return judgeRunner({ exitCode: code, counts: found === undefined ? undefined : readPlaywrightReport(found) });
}

async function runAll(directory) {
  await bootstrap();
  const env = await prepareEndToEnd();
  const results = [
    await attempt(async () => {
      await ensureBuilt();
      return passedPart;
    }),
  ];
  for (const check of checks)
    results.push(await attempt(async () => ((await runCheck(check)) ? passedPart : failedPart)));
  results.push(await attempt(() => runVitest(directory)));
  results.push(await attempt(() => runPlaywright(directory, env)));
  return sum(results);
}

const directory = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
let total = noTests;
try {
  total = await runAll(directory);
} catch (error) {
  say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));
  total = failedPart;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.stdout.write(`\n${formatSummary(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
