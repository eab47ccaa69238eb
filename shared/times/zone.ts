const minuteMs = 60_000;

/** Minutes east of UTC of the names that RFC 2822 and the mail and Java of Europe write. Others mean several zones. */
const abbreviations: ReadonlyMap<string, number> = new Map(
  Object.entries({ EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 })
    .concat(Object.entries({ WET: 0, WEST: 1, CET: 1, CEST: 2, EET: 2, EEST: 3 }))
    .map(([name, hours]) => [name, hours * 60]),
);

const offsetText = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d\d))?(?: ?\(?[A-Za-z]{2,5}\)?)?$/;
const bracketed = /(?:\[(!?[A-Za-z0-9_+\-/=.]{1,60})\])+$/;
const region = /^[A-Za-z_]{2,30}(?:\/[A-Za-z0-9_+-]{1,30}){1,2}$/;

const formats = new Map<string, Intl.DateTimeFormat | null>();

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat | null;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    format = null;
  }
  if (formats.size >= 100) formats.clear();
  formats.set(zone, format);
  return format;
}

/** How far ahead of UTC the clocks of the zone are at this instant. */
function offsetMs(format: Intl.DateTimeFormat, atMs: number): number {
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? Number.NaN;
  const shownMs = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shownMs - Math.floor(atMs / 1_000) * 1_000;
}

/**
 * The instant at which clocks in this zone show `civil`: of two, where they were set back, the first; NaN for a time that
 * they leapt over and for a zone that does not exist.
 */
function instantIn(zone: string, civil: number): number {
  const format = formatOf(zone);
  if (format === null || !Number.isFinite(civil)) return Number.NaN;
  const dayMs = 86_400_000;
  const offsets = [offsetMs(format, civil - dayMs), offsetMs(format, civil + dayMs)];
  const instants = offsets.map((offset) => civil - offset).filter((atMs) => civil - offsetMs(format, atMs) === atMs);
  return instants.length === 0 ? Number.NaN : Math.min(...instants);
}

/**
 * The instant of a time whose epoch milliseconds would be `civil` in UTC, in the zone that `text` names: `Z`, `UTC`, an
 * offset (`+01:00`, `+0100`, `+01`), `[Europe/Berlin]` behind an offset, which then decides, or alone, a few
 * abbreviations; nothing is UTC, so that a time means the same on every machine. NaN where `text` is no zone.
 */
export function inZone(civil: number, text: string): number {
  const offset = offsetText.exec(text);
  if (offset !== null) {
    const [, sign, hours = '0', minutes = '0'] = offset;
    if (Number(hours) > 23 || Number(minutes) > 59) return Number.NaN;
    return civil - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minuteMs;
  }
  let zone = text.trim().replace('\u2212', '-');
  // `+0100 (CET)` of mail and JavaScript, ` m=+0.5` of Go.
  zone = zone.replace(/ ?\([^()]{0,60}\)$/, '').replace(/ m=[+-][\d.]{1,30}$/, '');
  const named = bracketed.exec(zone);
  if (named !== null) zone = zone.slice(0, named.index).trim();
  const inBrackets = /\[!?([A-Za-z0-9_+\-/]+)\]/.exec(named?.[0] ?? '')?.[1];
  if (zone === '' && inBrackets !== undefined) return inZone(civil, inBrackets);
  if (zone === '' || /^(?:Z|UTC|GMT|UT|Etc\/UTC)$/i.test(zone)) return civil;
  if (zone !== text) return inZone(civil, zone);
  const abbreviation = abbreviations.get(zone.toUpperCase());
  if (abbreviation !== undefined) return civil - abbreviation * minuteMs;
  return region.test(zone) ? instantIn(zone, civil) : Number.NaN;
}
