import { isDeepStrictEqual } from 'node:util';

type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields that change without an operator's action, or follow from others. */
const derived = new Set(['createdAtMs', 'updatedAtMs', 'baseDir', 'savedBy', 'lastSeenAt']);

const plain = (value: unknown): Fields | null =>
  isFields(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !derived.has(key))) : null;

/** The top-level fields that differ, on both sides. */
export function differing(before: unknown, after: unknown): { before: Fields | null; after: Fields | null } {
  const [from, to] = [plain(before), plain(after)];
  if (from === null || to === null) return { before: from, after: to };
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const changed = keys.filter((key) => !isDeepStrictEqual(from[key], to[key]));
  const pick = (of: Fields): Fields => Object.fromEntries(changed.map((key) => [key, of[key] ?? null]));
  return { before: pick(from), after: pick(to) };
}
