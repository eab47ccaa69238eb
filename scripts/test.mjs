// npm test: everything, on a machine set up for it. No part stops the others; the last line sums them up.
// npm test -- <file or folder> …: only these, with what they need installed. --unit: all that needs no window.
// --packages: packages are built, installed and removed again. --watch: the same again at each change.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { ensureBuilt } from './build-state.mjs';
import { checks, runCheck } from './check.mjs';
import { SetupError, say } from './say.mjs';
import { readJson } from './stamp.mjs';
import { prepareEndToEnd, runPlaywright, runVitest } from './test-runners.mjs';
import { selectTests } from './test-selection.mjs';
import { formatSummary, judgeRunner, noTests, readPlaywrightReport, readVitestReport, sum } from './test-summary.mjs';

const packageFolder = 'test/packages';
const packageTests = ['--config', 'vitest.packages.config.ts'];
const passedPart = { passed: 1, failed: 0, skipped: 0 };
const failedPart = { passed: 0, failed: 1, skipped: 0 };

/** Runs one part; whatever it throws is shown and counts as one failure. */
async function attempt(part) {
  try {
    return await part();
  } catch (error) {
    showError(error);
    return failedPart;
  }
}

const showError = (error) => say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));

async function runWithReport(directory, args) {
  const report = join(directory, 'vitest.json');
  rmSync(report, { force: true });
  const exitCode = await runVitest([...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
  const found = readJson(report);
  return judgeRunner({ exitCode, counts: found === undefined ? undefined : readVitestReport(found) });
}

async function runUnitTests(directory) {
  process.stdout.write('\n— unit, contract and process tests (vitest)\n');
  return await runWithReport(directory, []);
}

async function runPackageTests(directory) {
  process.stdout.write('\n— packages, installed into this system and removed again (vitest)\n');
  return await runWithReport(directory, packageTests);
}

async function runEndToEndTests(directory, env) {
  process.stdout.write('\n— end-to-end tests (playwright)\n');
  const report = join(directory, 'playwright.json');
  const exitCode = await runPlaywright(['--reporter=list,json'], { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report });
  const found = readJson(report);
  return judgeRunner({ exitCode, counts: found === undefined ? undefined : readPlaywrightReport(found) });
}

async function runEverything(directory) {
  await bootstrap();
  // A compiler and apt, on one core and the network, for minutes on a fresh machine: the checks go on beside them.
  const prepared = prepareEndToEnd();
  prepared.catch(() => undefined);
  const results = [
    await attempt(async () => {
      await ensureBuilt();
      return passedPart;
    }),
  ];
  for (const check of checks)
    results.push(await attempt(async () => ((await runCheck(check)) ? passedPart : failedPart)));
  // Unit tests use the programs that are installed for them.
  const env = await prepared;
  results.push(await attempt(() => runUnitTests(directory)));
  results.push(await attempt(() => runEndToEndTests(directory, env)));
  results.push(await attempt(() => runPackageTests(directory)));
  return sum(results);
}

/** `npm test`: gives the exit code. */
async function testEverything() {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  let total = noTests;
  try {
    total = await runEverything(directory);
  } catch (error) {
    showError(error);
    total = failedPart;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  process.stdout.write(`\n${formatSummary(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

/** A part of the tests, for the fast loop: gives the exit code. */
async function testSome(args) {
  const isWatching = args.includes('--watch');
  const { files, specs, flags } = selectTests(args.filter((arg) => !['--watch', '--unit', '--packages'].includes(arg)));
  const trials = files.filter((file) => file.startsWith(packageFolder));
  const units = files.filter((file) => !file.startsWith(packageFolder));
  if (isWatching && specs.length > 0) throw new SetupError('End-to-end tests are not watched: leave out --watch.');
  await bootstrap();
  const codes = [];
  const areTrialsAsked = args.includes('--packages') || trials.length > 0;
  if (units.length > 0 || (specs.length === 0 && !areTrialsAsked)) {
    codes.push(await runVitest([...units, ...flags], isWatching ? 'watch' : 'run'));
  }
  if (areTrialsAsked) {
    await prepareEndToEnd();
    codes.push(await runVitest([...packageTests, ...trials, ...flags]));
  }
  // Playwright builds the app before its first test.
  if (specs.length > 0) codes.push(await runPlaywright([...specs, ...flags], await prepareEndToEnd()));
  return Math.max(...codes);
}

const args = process.argv.slice(2);
try {
  process.exitCode = args.length === 0 ? await testEverything() : await testSome(args);
} catch (error) {
  showError(error);
  process.exitCode = 1;
}
