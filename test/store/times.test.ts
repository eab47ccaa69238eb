import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime } from '../../electron/store/database/times.ts';

const lastMs = 8.64e15;

it('a time is printed as Date prints it, however far from the one before', () => {
  const ms = fc.oneof(
    fc.integer({ min: -lastMs, max: lastMs }),
    fc.integer({ min: 1_769_846_390_000, max: 1_769_846_410_000 }),
    fc.constantFrom(-lastMs, lastMs, -1, 0, 1, 59_999, 60_000, -60_000, -62_167_219_200_001, 253_402_300_800_000),
    fc.double({ min: -lastMs, max: lastMs, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(ms, { maxLength: 8 }), (times) => {
      expect(times.map(isoTime)).toEqual(times.map((one) => new Date(one).toISOString()));
    }),
    { numRuns: 2000 },
  );
});

it('a time that cannot be one is the first of 1970, so that a damaged cell closes no list', () => {
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, lastMs + 1, -lastMs - 1, 1e300]) {
    expect(isoTime(ms)).toBe('1970-01-01T00:00:00.000Z');
  }
});
