import { z } from 'zod';

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitsMs;
const isUnit = (text: string): text is Unit => Object.hasOwn(unitsMs, text);

/** Milliseconds of `250ms`, `10s`, `5m`, `2h`, `7d`; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,12}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text);
  const [, amount, unit] = match ?? [];
  if (amount === undefined || unit === undefined || !isUnit(unit)) return null;
  const ms = Math.round(Number(amount) * unitsMs[unit]);
  return Number.isSafeInteger(ms) ? ms : null;
}

/** The shortest whole form: 300000 → `5m`, 90000 → `90s`. */
export function printDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms >= unitsMs[unit] && ms % unitsMs[unit] === 0) return `${ms / unitsMs[unit]}${unit}`;
  }
  return `${ms}ms`;
}

const message = 'must be a time such as 500ms, 10s, 5m, 2h or 7d';

/** A duration in a definition: text with a unit, or a whole number of milliseconds; normalised to text. */
export const durationSchema = (minMs: number, maxMs: number) =>
  z
    .union([z.string().refine((text) => parseDuration(text) !== null, message), z.number().int().nonnegative()], {
      error: message,
    })
    .transform((value) => (typeof value === 'number' ? printDuration(value) : printDuration(parseDuration(value) ?? 0)))
    .refine(
      (text) => {
        const ms = parseDuration(text) ?? -1;
        return ms >= minMs && ms <= maxMs;
      },
      `must be between ${printDuration(minMs)} and ${printDuration(maxMs)}`,
    );

/** For durations that a schema has already accepted. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new TypeError(`not a duration: ${text}`);
  return ms;
}
