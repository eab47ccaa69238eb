import { defineConfig } from 'vitest/config';

// Packages are built, installed into this system and removed again: one at a time, and apart from the other tests.
export default defineConfig({
  test: {
    include: ['test/packages/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    bail: 1,
    expect: { poll: { timeout: 120_000 } },
  },
});
