import type { Json } from '../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { comparableNumber, type ExactNumber } from '../../../shared/exact-json/exact-number.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { writtenTimeMs } from '../../../shared/times/written-time.ts';

/** Farther from now than this is a mistake: another unit, a placeholder such as 0001-01-01. */
const centuryMs = 36_525 * 86_400_000;

const epochText = /^(\d{1,20})(?:\.(\d{1,30}))?$/;
/** .NET's JSON; the offset only says where it was written. */
const dotNetDate = /^\/Date\((\d{1,19})(?:[+-]\d{4})?\)\/$/;

/**
 * A count is of the unit in which it is at least March 1973; the units are a thousand apart, a century is 3·10⁹ s. One
 * of 18 digits is none: nanoseconds before 2001 are also times of today as Windows (since 1601), .NET (since year 1)
 * and Apple (since 2001) count them.
 */
const units = [
  { from: 10n ** 8n, perMs: null },
  { from: 10n ** 11n, perMs: 1n },
  { from: 10n ** 14n, perMs: 1_000n },
  { from: 10n ** 17n, perMs: null },
  { from: 10n ** 18n, perMs: 1_000_000n },
  { from: 10n ** 20n, perMs: null },
] as const;

/** Milliseconds since 1970 of a count of seconds, milliseconds, microseconds or nanoseconds; NaN for none of those. */
function epochMs(whole: string, fraction: string | undefined): number {
  const count = BigInt(whole);
  if (count < units[0].from || count >= units[5].from) return Number.NaN;
  if (count < units[1].from) return Math.round(Number(`${whole}.${fraction ?? '0'}`) * 1_000);
  const unit = units.findLast(({ from }) => count >= from);
  if (unit?.perMs === null || unit === undefined) return Number.NaN;
  return Number(count / unit.perMs);
}

/** 202601310800 is the morning of that day or a count of milliseconds in 1976. */
function isAmbiguous(digits: string, nowMs: number): boolean {
  return digits.length === 12 && !Number.isNaN(writtenTimeMs(`${digits}00`, nowMs));
}

function readText(text: string, nowMs: number): number {
  const dotNet = dotNetDate.exec(text)?.[1];
  if (dotNet !== undefined) return Number(dotNet);
  const [, whole, fraction] = epochText.exec(text) ?? [];
  if (whole === undefined) return Math.floor(writtenTimeMs(text, nowMs));
  if (isAmbiguous(whole, nowMs)) return Number.NaN;
  const epoch = epochMs(whole, fraction);
  return isNear(epoch, nowMs) ? epoch : Math.floor(writtenTimeMs(text, nowMs));
}

const isNear = (atMs: number, nowMs: number): boolean => Math.abs(atMs - nowMs) <= centuryMs;

/** The digits of a number, never as `1e+21`; a date of eight digits is only taken as text. */
function digitsOf(number: number | ExactNumber): string | null {
  if (typeof number !== 'number') return String(number);
  if (!Number.isFinite(number) || number < 1e8 || number >= 1e20) return null;
  return Number.isInteger(number) ? BigInt(number).toString() : String(number);
}

/**
 * Milliseconds since 1970 of a time as senders write it, as a number or text: seconds, milliseconds, microseconds or
 * nanoseconds since 1970, or a date and time (shared/times/written-time.ts), taken as UTC when it names no zone. Null
 * for anything else, for a day that does not exist, and beyond a century from now: no time rather than a wrong one.
 */
export function readTimeMs(value: Json | undefined, nowMs = Date.now()): number | null {
  const number = comparableNumber(value);
  const text = number === null ? value : digitsOf(number);
  if (typeof text !== 'string') return null;
  const ms = readText(text.trim(), nowMs);
  return isNear(ms, nowMs) ? ms : null;
}

const shown = (value: Json): string => {
  const text = stringifyExact(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
};

/**
 * When an event happened: the first of these that is a time; `where` names the places for people. A value that is there
 * but cannot be read is noted.
 */
export function occurredAt(...candidates: readonly (readonly [where: string, value: Json | undefined])[]): {
  occurredAtMs: number | null;
  notes?: readonly DeliveryNote[];
} {
  const notes: DeliveryNote[] = [];
  let occurredAtMs: number | null = null;
  for (const [where, value] of candidates) {
    if (value === undefined || value === null || value === '') continue;
    occurredAtMs = readTimeMs(value);
    if (occurredAtMs !== null) break;
    notes.push({ code: 'time_unreadable', message: `No time could be read from ${where}: ${shown(value)}.` });
  }
  return notes.length === 0 ? { occurredAtMs } : { occurredAtMs, notes };
}
