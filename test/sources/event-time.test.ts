import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { occurredAt, readTimeMs } from '../../electron/sources/events/event-time.ts';

const nowMs = Date.UTC(2026, 0, 31, 12);
const centuryMs = 36_525 * 86_400_000;

describe('the time of an event', () => {
  test('is read from seconds, milliseconds, microseconds and nanoseconds, as number and as text', () => {
    const instants = fc.integer({ min: 1e11, max: nowMs + centuryMs });
    // Twelve digits that are a day and an hour as well are read as neither.
    const isTwofold = (ms: number) => String(ms).length === 12 && /^(?:19|20)\d\d[01]\d/.test(String(ms));
    fc.assert(
      fc.property(instants, fc.nat(999_999), (ms, rest) => {
        const text = String(ms);
        const micros = `${ms}${String(rest).padStart(6, '0').slice(0, 3)}`;
        const nanos = `${ms}${String(rest).padStart(6, '0')}`;
        const seconds = Math.floor(ms / 1000);
        expect(readTimeMs(String(seconds), nowMs)).toBe(seconds * 1000);
        expect(readTimeMs(seconds, nowMs)).toBe(seconds * 1000);
        expect(readTimeMs(`${text.slice(0, -3)}.${text.slice(-3)}`, nowMs)).toBe(ms);
        expect(readTimeMs(ms / 1000, nowMs)).toBe(ms);
        expect(readTimeMs(micros, nowMs)).toBe(ms);
        expect(readTimeMs(Number(micros), nowMs)).toBe(ms);
        if (nanos.length < 19)
          expect([readTimeMs(nanos, nowMs), readTimeMs(Number(nanos), nowMs)]).toEqual([null, null]);
        else {
          expect(readTimeMs(nanos, nowMs)).toBe(ms);
          // A double holds nanoseconds to 256 or so.
          expect(Math.abs((readTimeMs(Number(nanos), nowMs) ?? 0) - ms)).toBeLessThanOrEqual(1);
        }
        if (!isTwofold(ms)) {
          expect(readTimeMs(ms, nowMs)).toBe(ms);
          expect(readTimeMs(text, nowMs)).toBe(ms);
        }
      }),
    );
  });

  test('is none beyond a century from now, in whatever form', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double(),
          fc.integer(),
          fc.maxSafeInteger(),
          fc.string(),
          fc.date().map((date) => (Number.isNaN(date.getTime()) ? '' : date.toISOString())),
        ),
        (value) => {
          const read = readTimeMs(value, nowMs);
          if (read === null) return;
          expect(Number.isInteger(read)).toBe(true);
          expect(Math.abs(read - nowMs)).toBeLessThanOrEqual(centuryMs);
        },
      ),
    );
  });

  test.each([
    ['2026-02-30'],
    ['0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59Z'],
    [0],
    [-1],
    [20260131],
    ['202601310800'],
    ['133444736000000000'],
    [133444736000000000],
    ['638355968000000000'],
    [638355968000000000],
    ['721692800000000000'],
    [1e30],
    [1769846400e12],
    [true],
    [{}],
    [['2026-01-31']],
  ])('is none for %j', (value) => {
    expect(readTimeMs(value, nowMs)).toBeNull();
    const [note] = occurredAt(['created_at', value]).notes ?? [];
    expect(note).toMatchObject({ code: 'time_unreadable', message: expect.stringContaining('created_at') });
  });

  test('is the first that can be read; what cannot is noted, what is not there is not', () => {
    const at = Date.UTC(2026, 0, 31, 8);
    expect(occurredAt(['a', '2026-01-31T08:00:00Z'], ['b', 'x'])).toEqual({ occurredAtMs: at });
    expect(occurredAt(['a', undefined], ['b', null], ['c', ''])).toEqual({ occurredAtMs: null });
    expect(occurredAt(['a', '2026-02-30'], ['b', '1769846400'])).toEqual({
      occurredAtMs: at,
      notes: [{ code: 'time_unreadable', message: 'No time could be read from a: "2026-02-30".' }],
    });
    expect(readTimeMs('/Date(1769846400000+0100)/', nowMs)).toBe(at);
  });
});
