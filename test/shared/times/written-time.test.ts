import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writtenTimeMs } from '../../../shared/times/written-time.ts';
import { inZone } from '../../../shared/times/zone.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const nowMs = Date.UTC(2026, 0, 31, 12);
const atMs = Date.UTC(2026, 0, 31, 8);
const read = (text: string) => writtenTimeMs(text, nowMs);

test.each([
  '2026-01-31T08:00:00Z',
  '2026-01-31 08:00',
  '2026-01-31 08:00:00 UTC',
  '2026-01-31 08:00:00+00',
  '2026-01-31 09:00:00 +01',
  '2026-01-31 09:00:00.000 +0100 CET',
  '2026-01-31 08:00:00 +0000 UTC m=+0.000012',
  '2026-01-31T09:00:00+01:00[Europe/Berlin]',
  '2026-01-31T09:00[Europe/Berlin]',
  '2026-01-31T08:00:00Z[UTC][u-ca=gregory]',
  '2026-01-31 09:00:00 Europe/Berlin',
  '2026-01-31T09:00:00\u221207:00'.replace('09', '01'),
  '20260131T080000Z',
  '20260131T0800',
  '20260131T090000.000+01',
  '20260131080000',
  '20260131080000000',
  '2026/01/31 08:00:00',
  'Sat, 31 Jan 2026 08:00:00 GMT',
  'Sat, 31 Jan 2026 00:00:00 -0800 (PST)',
  'Saturday, 31-Jan-26 08:00:00 GMT',
  'Sat Jan 31 08:00:00 2026',
  'Sat Jan 31 09:00:00 CET 2026',
  'Sat Jan 31 2026 09:00:00 GMT+0100 (Central European Standard Time)',
  '31 Jan 2026 08:00:00 +0000',
  '31/Jan/2026:08:00:00 +0000',
  'Jan 31, 2026 8:00:00 AM',
  'Jan 31, 2026, 8:00:00\u202fAM',
  'January 31, 2026 at 8:00 AM UTC',
  '00:00:00 Jan 31, 2026 PST',
])('%s is read', (text) => {
  expect(read(text)).toBe(atMs);
});

test('a day alone is its midnight, a leap second the second after, 24:00 the next midnight', () => {
  for (const text of ['2026-01-31', '20260131', '31 Jan 2026', 'Jan 31, 2026', 'Sat, 31 Jan 2026', '2026/01/31']) {
    expect(read(text)).toBe(Date.UTC(2026, 0, 31));
  }
  expect(read('2016-12-31T23:59:60Z')).toBe(Date.UTC(2017, 0, 1));
  expect(read('Sat, 31 Dec 2016 23:59:60 GMT')).toBe(Date.UTC(2017, 0, 1));
  expect(read('2026-01-31T24:00:00Z')).toBe(Date.UTC(2026, 1, 1));
});

test.each([
  '2026-02-30',
  '2026-02-29T10:00:00Z',
  '2026-04-31 10:00:00',
  '20260230T100000Z',
  'Mon, 30 Feb 2026 10:00:00 GMT',
  'Fri, 31 Jan 2026 08:00:00 GMT',
  '2026-13-01',
  '2026-00-10',
  '2026-01-31T25:00:00Z',
  '2026-01-31T24:00:01Z',
  '2026-01-31T08:60:00Z',
  '2026-01-31T08:00:61Z',
  '2026-01-31T08:00:00+24:00',
  '2026-01-31T08:00:00[Mars/Olympus]',
  '2026-01-31T08:00:00 XYZ',
  '2026-03-29T02:30[Europe/Berlin]',
  '01/02/2026',
  '01.02.2026 08:00',
  '1/2/26',
  'Jan 31, 2026 13:00:00 PM',
  'Janx 31, 2026',
  'tomorrow',
  '2026',
  '',
  'x'.repeat(1_000_000),
])('%.40s is no time', (text) => {
  expect(read(text)).toBeNaN();
});

const instants = fc
  .integer({ min: Date.UTC(1971, 0, 1) / 1000, max: Date.UTC(2100, 0, 1) / 1000 })
  .map((s) => s * 1000);

describe('what libraries write', () => {
  test('is read as they mean it', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        const date = new Date(ms);
        expect(read(date.toISOString())).toBe(ms);
        expect(read(date.toUTCString())).toBe(ms);
        expect(read(date.toString())).toBe(ms);
        expect(read(date.toISOString().replace(/[-:]|\.000/g, ''))).toBe(ms);
        expect(read(date.toISOString().replace('T', ' ').replace('Z', '+00'))).toBe(ms);
        expect(read(date.toLocaleString('en-US', { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'medium' }))).toBe(
          ms,
        );
      }),
    );
  });

  test('in a zone is what its clocks show, or of the hour that is there twice the first', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'America/St_Johns',
    );
    fc.assert(
      fc.property(instants, zones, (ms, timeZone) => {
        const shown = new Date(ms).toLocaleString('sv-SE', { timeZone });
        const found = read(`${shown}[${timeZone}]`);
        expect(new Date(found).toLocaleString('sv-SE', { timeZone })).toBe(shown);
        expect(found).toBeLessThanOrEqual(ms);
        expect(ms - found).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });

  test('of a day that does not exist is never another day', () => {
    const days = fc.record({ year: fc.integer({ min: 1972, max: 2099 }), month: fc.nat(13), day: fc.nat(32) });
    fc.assert(
      fc.property(days, ({ year, month, day }) => {
        const two = (n: number) => String(n).padStart(2, '0');
        const date = new Date(Date.UTC(year, month - 1, day));
        const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        for (const text of [
          `${year}-${two(month)}-${two(day)}`,
          `${year}${two(month)}${two(day)}`,
          `${year}/${two(month)}/${two(day)} 00:00`,
        ]) {
          expect(read(text)).toBe(exists ? date.getTime() : Number.NaN);
        }
      }),
    );
  });

  test('of any text takes no long time', () => {
    for (const piece of ['1', 'a ', 'Jan ', '31 ', ':00', '+', '[', '(', ' ']) {
      const usedMs = cpuMs(() => {
        for (let i = 0; i < 1_000; i++) read(`2026-01-31 08:00${piece.repeat(100)}`);
      });
      expect(usedMs).toBeLessThan(2_000);
    }
  });
});

test('no zone is a wrong one', () => {
  expect(inZone(0, '')).toBe(0);
  expect(inZone(0, '+02')).toBe(-7_200_000);
  expect(inZone(0, '__proto__')).toBeNaN();
  expect(inZone(0, 'IST')).toBeNaN();
});
