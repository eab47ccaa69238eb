import { civilMs } from '../../times/civil-time.ts';
import { inZone } from '../../times/zone.ts';

const ISO_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:(?:[Tt]| {1,2})(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,30}))?)?(?: ?([Zz+\-\u2212[A-Za-z].*))?)?$/;
const BASIC_TIME = /^(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,30}))?)?(?: ?([Zz+\-\u2212[].*))?$/;

/**
 * Epoch milliseconds of an ISO 8601 / RFC 3339 date or time, with a fraction of a millisecond where the text has one;
 * NaN for any other text, and for a day or an hour that does not exist. A date alone is its midnight; without a zone the
 * time is UTC, so that the same condition means the same on every machine. Also with a space for the `T`, an offset of
 * hours alone, ` UTC`, a zone in brackets (RFC 9557), and in the basic format (`20240501T120000Z`). A leap second
 * (`:60`) is the second after.
 */
export function isoTimeMs(text: string): number {
  if (text.length < 10 || text.length > 100) return Number.NaN;
  const parts = ISO_TIME.exec(text) ?? BASIC_TIME.exec(text);
  if (parts === null) return Number.NaN;
  const civil = civilMs({
    year: Number(parts[1]),
    month: Number(parts[2]),
    day: Number(parts[3]),
    hour: Number(parts[4] ?? 0),
    minute: Number(parts[5] ?? 0),
    second: Number(parts[6] ?? 0),
    fraction: parts[7] === undefined ? 0 : Number(`0.${parts[7]}`),
  });
  const zone = parts[8];
  return zone === undefined || zone === 'Z' ? civil : inZone(civil, zone);
}
