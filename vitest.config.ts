import { defineConfig } from 'vitest/config';
import { compileCache } from './test/support/compile-cache.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**', 'test/packages/**'],
    // Tests wait for events, so these bound only what hangs; a busy machine must not reach them.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // Most files wait for processes and disks: leaving a core free, as is the default, halves the speed on two.
    maxWorkers: '100%',
    // Of the threads and processes that tests start.
    env: compileCache,
    expect: { poll: { timeout: 120_000 } },
  },
});
