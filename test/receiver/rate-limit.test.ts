import { expect, test } from 'vitest';
import { createRateLimiter } from '../../electron/receiver/admit/rate-limit.ts';

const rate = { perSecond: 2, burst: 3 };

test('a burst passes, then so many a second, and each source has its own', () => {
  const limiter = createRateLimiter();
  const take = (slug: string, atMs: number): number => limiter.take(slug, rate, atMs);
  expect([take('a', 0), take('a', 0), take('a', 0), take('a', 0)]).toEqual([0, 0, 0, 1]);
  expect(take('b', 0)).toBe(0);
  expect([take('a', 499), take('a', 500), take('a', 501)]).toEqual([1, 0, 1]);
  expect(Array.from({ length: 4 }, () => take('a', 60_000))).toEqual([0, 0, 0, 1]);
});

test('says how long to wait, in whole seconds', () => {
  const limiter = createRateLimiter();
  const slow = { perSecond: 0.1, burst: 1 };
  expect([limiter.take('a', slow, 0), limiter.take('a', slow, 0), limiter.take('a', slow, 9_500)]).toEqual([0, 10, 1]);
});

test('a clock that is set back neither fills nor drains it', () => {
  const limiter = createRateLimiter();
  for (let i = 0; i < 3; i++) expect(limiter.take('a', rate, 1_000_000)).toBe(0);
  expect(limiter.take('a', rate, 0)).toBe(1);
  expect(limiter.take('a', rate, 500)).toBe(0);
});
