import { isoTimeMs } from '../conditions/values/iso-time.ts';
import { civilMs } from './civil-time.ts';
import { inZone } from './zone.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const weekday = '(?:(?<weekday>sun|mon|tue|wed|thu|fri|sat)(?:day|sday|nesday|rsday|urday)?,? )?';
const month =
  '(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const clock =
  '(?<hour>\\d{1,2}):(?<minute>\\d\\d)(?::(?<second>\\d\\d)(?:[.,](?<fraction>\\d{1,30}))?)?(?: ?(?<half>[ap])\\.?m\\.?)?';
const zone = '(?: ?(?<zone>.{1,80}))?';

/** As people and libraries write times that are not ISO; all of them after white space is one blank. */
const forms = [
  // Sat, 31 Jan 2026 08:00:00 GMT (HTTP, mail) · Saturday, 31-Jan-26 08:00:00 GMT (RFC 850) · 31/Jan/2026:08:00:00 +0000 (logs)
  `${weekday}(?<day>\\d{1,2})(?<between>[ /-])${month}\\k<between>(?<year>\\d{4}|\\d\\d)(?:(?:,? |:)${clock}${zone})?`,
  // Sat Jan 31 08:00:00 2026 (asctime) · Sat Jan 31 09:00:00 CET 2026 (Java)
  `${weekday}${month} (?<day>\\d{1,2}) ${clock}(?: (?<zone>[A-Z]{1,5}(?:[+-]\\d\\d:?\\d\\d)?|[+-]\\d{4}))? (?<year>\\d{4})`,
  // Jan 31, 2026 8:00:00 AM (Gson) · Sat Jan 31 2026 09:00:00 GMT+0100 (CET) (JavaScript) · January 31, 2026
  `${weekday}${month} (?<day>\\d{1,2}),? (?<year>\\d{4})(?:,? (?:at )?${clock}${zone})?`,
  // 08:00:00 Jan 31, 2026 PST (PayPal)
  `${clock} ${month} (?<day>\\d{1,2}), (?<year>\\d{4})${zone}`,
  // 2026/01/31 08:00:00
  `(?<year>\\d{4})/(?<month>\\d\\d)/(?<day>\\d\\d)(?: ${clock}${zone})?`,
  // 20260131 · 20260131080000 · 20260131080000123
  '(?<year>\\d{4})(?<month>\\d\\d)(?<day>\\d\\d)(?:(?<hour>\\d\\d)(?<minute>\\d\\d)(?<second>\\d\\d)(?<fraction>\\d{3})?)?',
].map((form) => new RegExp(`^${form}$`, 'i'));

/** RFC 9110 section 5.6.7: a year of two digits that seems more than 50 years ahead is in the past. */
function fullYear(year: string, nowMs: number): number {
  if (year.length === 4) return Number(year);
  const thisYear = new Date(nowMs).getUTCFullYear();
  const sameCentury = thisYear - (thisYear % 100) + Number(year);
  return sameCentury > thisYear + 50 ? sameCentury - 100 : sameCentury;
}

function hourOf(hour: string, half: string | undefined): number {
  const number = Number(hour);
  if (half === undefined) return number;
  if (number < 1 || number > 12) return Number.NaN;
  return (number % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function readForm(groups: Readonly<Record<string, string | undefined>>, nowMs: number): number {
  const named = months.indexOf((groups.month ?? '').slice(0, 3).toLowerCase());
  const day = {
    year: fullYear(groups.year ?? '', nowMs),
    month: named === -1 ? Number(groups.month) : named + 1,
    day: Number(groups.day),
  };
  const civil = civilMs({
    ...day,
    hour: hourOf(groups.hour ?? '0', groups.half),
    minute: Number(groups.minute ?? 0),
    second: Number(groups.second ?? 0),
    fraction: groups.fraction === undefined ? 0 : Number(`0.${groups.fraction}`),
  });
  // A text that names another day of the week than its date contradicts itself: either may be wrong.
  const said = weekdays.indexOf((groups.weekday ?? '').slice(0, 3).toLowerCase());
  const midnight = civilMs({ ...day, hour: 0, minute: 0, second: 0, fraction: 0 });
  if (said !== -1 && new Date(midnight).getUTCDay() !== said) return Number.NaN;
  return inZone(civil, groups.zone ?? '');
}

/**
 * Epoch milliseconds, with a fraction, of a time as senders write it: ISO 8601 as conditions take it, and what HTTP,
 * mail, logs, Java, JavaScript, Gson, PayPal and databases write. NaN for anything else: a day that does not exist, and
 * a date whose day and month could be exchanged (01/02/2026). No library: `Date.parse` and those on it read the 30th of
 * February as a day in March; strict ones read one form at a time.
 */
export function writtenTimeMs(text: string, nowMs: number): number {
  if (text.length > 120) return Number.NaN;
  const spaced = text.trim().replace(/[\s\u00a0\u202f]+/g, ' ');
  const iso = isoTimeMs(spaced);
  if (!Number.isNaN(iso)) return iso;
  for (const form of forms) {
    const groups = form.exec(spaced)?.groups;
    if (groups === undefined) continue;
    const atMs = readForm(groups, nowMs);
    if (!Number.isNaN(atMs)) return atMs;
  }
  return Number.NaN;
}
