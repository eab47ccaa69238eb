/** A day and a time of the clock, with no zone yet. Months count from 1; `fraction` is of a second. */
export interface CivilTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  fraction: number;
}

/**
 * Epoch milliseconds of that time in UTC, with a fraction of a millisecond; NaN for one that no calendar or clock has,
 * such as the 30th of February, where `Date` would go on to the next month. A leap second (`:60`) is the second after,
 * as 24:00:00 is the next midnight.
 */
export function civilMs({ year, month, day, hour, minute, second, fraction }: CivilTime): number {
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return Number.NaN;
  if (minute > 59 || second > 60) return Number.NaN;
  if (hour > 23 && (hour > 24 || minute > 0 || second > 0 || fraction > 0)) return Number.NaN;
  return midnightMs(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1_000 + fraction * 1_000;
}

function daysOfMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

function midnightMs(year: number, month: number, day: number): number {
  if (year >= 100) return Date.UTC(year, month - 1, day);
  // Date.UTC reads the years 0 to 99 as 1900 to 1999, and .NET senders use 0001-01-01 for "never".
  return new Date(0).setUTCFullYear(year, month - 1, day);
}
