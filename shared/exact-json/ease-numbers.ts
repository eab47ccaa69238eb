import type { z } from 'zod';
import { isExactNumber, plainNumber } from './exact-number.ts';
import { type ExactJson, isJsonRecord } from './parse-exact.ts';
import { hasExactNumber } from './stringify-exact.ts';

/** The same value with a plain number wherever a double holds the number's value: `60.0` becomes 60. */
export function toPlainNumbers(value: ExactJson): ExactJson {
  return hasExactNumber(value) ? easeAll(value) : value;
}

function easeAll(value: ExactJson): ExactJson {
  if (isExactNumber(value)) return plainNumber(value);
  if (Array.isArray(value)) return value.map(easeAll);
  if (!isJsonRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, easeAll(part)]));
}

/**
 * `schema.safeParse` for what `parseExact` has read: where the schema wants a number, `60.0` and `6e1` are as good as 60
 * and come out as that. Where it takes any JSON they stay as they were sent.
 */
export function safeParseEased<O, I>(
  schema: z.ZodType<O, I>,
  value: unknown,
  params?: z.core.ParseContext<z.core.$ZodIssue>,
): z.ZodSafeParseResult<O> {
  const parsed = schema.safeParse(value, params);
  if (parsed.success || !hasExactNumber(value)) return parsed;
  const eased = structuredClone(value);
  const places = placesOf(parsed.error.issues, []).filter((path) => easeAt(eased, path));
  return places.length === 0 ? parsed : schema.safeParse(eased, params);
}

/** Where the schema was not content; inside a union every branch says so. */
const placesOf = (issues: readonly z.core.$ZodIssue[], base: readonly PropertyKey[]): PropertyKey[][] =>
  issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    return issue.code === 'invalid_union'
      ? [path, ...issue.errors.flatMap((branch) => placesOf(branch, path))]
      : [path];
  });

function easeAt(root: unknown, path: readonly PropertyKey[]): boolean {
  const last = path.at(-1);
  let holder: unknown = root;
  for (const part of path.slice(0, -1)) holder = isHolder(holder) ? Reflect.get(holder, part) : undefined;
  if (last === undefined || !isHolder(holder)) return false;
  const value: unknown = Reflect.get(holder, last);
  return isExactNumber(value) && Reflect.set(holder, last, plainNumber(value));
}

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;
