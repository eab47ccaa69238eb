import { isExactNumber } from './exact-number.ts';
import { mark } from './parse-exact.ts';

const marked = new RegExp(`"${mark}(-?[0-9.eE+-]+)"`, 'g');

/**
 * `JSON.stringify` that writes exact numbers with their digits. The walk that finds out whether there are any takes a
 * seventh of the time of the printing.
 */
export function stringifyExact(value: unknown, indent?: number): string {
  if (!hasExactNumber(value)) return JSON.stringify(value, null, indent);
  const text = JSON.stringify(value, (_name, part) => (isExactNumber(part) ? mark + String(part) : part), indent);
  return unquoteMarked(text);
}

/** Printed JSON with the texts that are a mark and digits as the numbers they stand for. */
export const unquoteMarked = (text: string): string => text.replace(marked, '$1');

/** Whether a JSON value holds an exact number anywhere. */
export function hasExactNumber(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isExactNumber(value)) return true;
  if (Array.isArray(value)) {
    for (const part of value) if (hasExactNumber(part)) return true;
    return false;
  }
  if (!isRecord(value)) return false;
  // Values from JSON have own names only; Object.values would allocate on every level.
  for (const name in value) if (hasExactNumber(value[name])) return true;
  return false;
}

const isRecord = (value: object): value is Record<string, unknown> => !Array.isArray(value);
