import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoTimeMs } from '../../../shared/conditions/values/iso-time.ts';

describe('ISO times', () => {
  it('are what Date makes of them', () => {
    const date = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (each) => {
        const text = each.toISOString();
        expect(isoTimeMs(text)).toBe(each.getTime());
        expect(isoTimeMs(text.slice(0, 10))).toBe(Date.parse(text.slice(0, 10)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('may carry a zone, a finer fraction, a space, or no zone for UTC', () => {
    const noonMs = Date.UTC(2024, 4, 1, 12);
    for (const text of [
      '2024-05-01T14:00:00+02:00',
      '2024-05-01T10:30-0130',
      '2024-05-01 12:00:00',
      '2024-05-01t12:00z',
    ]) {
      expect(isoTimeMs(text)).toBe(noonMs);
    }
    expect(isoTimeMs('2024-05-01T12:00:00.0001Z')).toBeGreaterThan(noonMs);
    expect(isoTimeMs('2016-12-31T23:59:60Z')).toBe(Date.UTC(2017, 0, 1));
  });

  it.each(['', '2024', '2024-5-1', '2023-02-29', '2024-13-01', '2024-00-10', '2024-04-31', '2024-05-01T10:60'])(
    'are not %j',
    (text) => {
      expect(isoTimeMs(text)).toBeNaN();
    },
  );

  it.each([
    '2024-05-01T10:00:61Z',
    '2024-05-01T10:00:00+25:00',
    '2024-05-01T10',
    '20240501',
    ' 2024-05-01',
    '2024-05-01T10:00Zx',
    'May 1, 2024',
  ])('are not %j either', (text) => {
    expect(isoTimeMs(text)).toBeNaN();
  });
});
