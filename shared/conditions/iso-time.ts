const ISO_TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Epoch milliseconds of an ISO 8601 / RFC 3339 date or time, with a fraction of a millisecond where the text has one;
 * NaN for any other text. A date alone is its midnight; without a zone the time is UTC, so that the same condition means
 * the same on every machine. A leap second (`:60`) is the second after.
 */
export function isoTimeMs(text: string): number {
  if (text.length < 10 || text.length > 40) return Number.NaN;
  const parts = ISO_TIME.exec(text);
  if (parts === null) return Number.NaN;
  const year = Number(parts[1]);
  const month = Number(parts[2]);
  const day = Number(parts[3]);
  const hour = Number(parts[4] ?? 0);
  const minute = Number(parts[5] ?? 0);
  const second = Number(parts[6] ?? 0);
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return Number.NaN;
  const fractionMs = parts[7] === undefined ? 0 : Number(`0.${parts[7]}`) * 1_000;
  const offsetMinutes = zoneOffsetMinutes(parts[8]);
  return midnightMs(year, month, day) + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1_000 + fractionMs;
}

function zoneOffsetMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  return hours > 23 || minutes > 59 ? Number.NaN : sign * (hours * 60 + minutes);
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
