import { defineConfig } from '@playwright/test';
import { chromiumPath, isRoot } from './scripts/system-packages.mjs';

const chromium = process.env.SIGNALBOX_CHROMIUM ?? chromiumPath();

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './test/e2e/build.ts',
  outputDir: '.cache/playwright',
  // Two apps at once are what two cores carry.
  workers: 2,
  // Tests wait for what they expect and never for time: the budgets bound what hangs, on any machine, however busy.
  timeout: 480_000,
  expect: { timeout: 90_000 },
  // One more try on a machine that lands changes: what passes only then is listed as flaky at the end, to be mended.
  retries: process.env.CI === undefined ? 0 : 1,
  forbidOnly: process.env.CI !== undefined,
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    // Layout and focus are what is tested, not how long things glide.
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'off',
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        ...(isRoot() ? ['--no-sandbox'] : []),
      ],
    },
  },
});
