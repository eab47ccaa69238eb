/** The last that a date can be (ECMA-262, 21.4.1.1); beyond it a cell is damaged, which must not close a list. */
const lastMs = 8.64e15;
const minuteMs = 60_000;

let knownMinute = Number.NaN;
/** Of the known minute, up to its seconds. */
let knownStart = '';

/**
 * Times are milliseconds in the database and ISO text at every border. Most are of the same minute as the one before, and
 * then only seconds are printed: several of these are made for each delivery and each run.
 */
export function isoTime(ms: number): string {
  if (!Number.isInteger(ms) || Math.abs(ms) > lastMs) {
    return new Date(Math.abs(ms) <= lastMs ? ms : 0).toISOString();
  }
  const minute = Math.floor(ms / minuteMs);
  if (minute !== knownMinute) {
    const first = minute * minuteMs;
    // The minute that the first date of all lies in begins before it.
    if (first < -lastMs) return new Date(ms).toISOString();
    knownStart = new Date(first).toISOString().slice(0, -'00.000Z'.length);
    knownMinute = minute;
  }
  const rest = ms - minute * minuteMs;
  const seconds = Math.floor(rest / 1000);
  return `${knownStart}${String(seconds).padStart(2, '0')}.${String(rest - seconds * 1000).padStart(3, '0')}Z`;
}

export const isoTimeOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
