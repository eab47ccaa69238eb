import type { Json } from '../../shared/contract/common.ts';
import { comparableNumber } from '../../shared/exact-json/exact-number.ts';

/** RFC 3339, also with a space for the `T` and without seconds or zone, as senders write it. */
const isoTime = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?) ?([Zz]|[+-]\d\d:?\d\d)?$/;
const epoch = /^\d{9,13}(?:\.\d{1,9})?$/;
/** 100,000,000,000 seconds is the year 5138, as milliseconds it is March 1973. */
const firstMs = 1e11;

function fromEpoch(value: number): number | null {
  const ms = Math.round(value < firstMs ? value * 1000 : value);
  return ms >= 0 && ms <= 8.64e15 ? ms : null;
}

/** Milliseconds since 1970 of a time as senders write it, taken as UTC when it names no zone; null for anything else. */
export function readTimeMs(value: Json | undefined): number | null {
  const number = comparableNumber(value);
  if (number !== null) return fromEpoch(Number(number));
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (epoch.test(text)) return fromEpoch(Number(text));
  const [, date, time, zone = 'Z'] = isoTime.exec(text) ?? [];
  if (date === undefined || time === undefined) return null;
  const withColon = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const ms = Date.parse(`${date}T${time.replace(',', '.')}${withColon}`);
  return Number.isNaN(ms) || ms < 0 ? null : ms;
}
