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
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return Number.NaN;
  if (hour === undefined || minute === undefined || second === undefined) return Number.NaN;
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const date = new Date(0);
  // Not Date.UTC: it reads the years 0 to 99 as 1900 to 1999, and .NET senders use 0001-01-01 for "never".
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return Number.NaN;
  const fractionMs = parts[7] === undefined ? 0 : Number(`0.${parts[7]}`) * 1_000;
  const offsetMinutes = zoneOffsetMinutes(parts[8]);
  return date.getTime() + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1_000 + fractionMs;
}

function zoneOffsetMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  return hours > 23 || minutes > 59 ? Number.NaN : sign * (hours * 60 + minutes);
}
