import { vi } from 'vitest';

/**
 * Asks again until it holds, for far longer than it takes: that the machine is at work on something else must not fail a
 * test.
 */
export const eventually = <T>(look: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(look, { timeout: 120_000, interval: 2 });
