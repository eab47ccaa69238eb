import { z } from 'zod';
import { toPlainNumbers } from '../exact-json/ease-numbers.ts';
import { type ExactNumber, isSoundExactNumber } from '../exact-json/exact-number.ts';
import type { ExactJson } from '../exact-json/parse-exact.ts';

/** Lower-case words joined by `-`, as in URLs and config files. */
export const slugSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 lower-case letters, digits or hyphens, and neither start nor end with a hyphen',
  );

export const nameSchema = z.string().trim().min(1, 'must not be empty').max(120, 'must be at most 120 characters');

/** A number that a double would print differently; a number like any other to whoever reads the API. */
export const exactNumberSchema = z.custom<ExactNumber>(isSoundExactNumber, 'must be a number');
exactNumberSchema._zod.toJSONSchema = () => ({ type: 'number' });

export type Json = ExactJson;
export const jsonSchema: z.ZodType<Json, Json> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(jsonSchema),
    z.record(z.string(), jsonSchema),
    exactNumberSchema,
  ]),
);

/** Settings are read by schemas that know plain numbers; `60.0` is one. */
export const settingJsonSchema = jsonSchema.overwrite(toPlainNumbers);

/**
 * Parts that are damaged in the store and cannot be read, by their names here; they are null or empty. Absent when all
 * can be read.
 */
export const unreadableSchema = z.array(z.string()).optional();

export const timeSchema = z.iso.datetime({ offset: true });

/** Who owns a definition: `user` made it here, `config` comes from the config file and is read-only here. */
export const ownerSchema = z.enum(['user', 'config', 'builtin']);
export type Owner = z.infer<typeof ownerSchema>;

/** Where a secret's value is kept. The value itself is never part of a definition, a list or an export. */
export const secretRefSchema = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable') }),
  z.strictObject({ file: z.string().min(1, 'must be a path') }),
  z.strictObject({ secret: z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/, 'must be the name of a stored secret') }),
]);
export type SecretRef = z.infer<typeof secretRefSchema>;

/** Every list takes this; `query` is in the query language (shared/query). */
export const listInputSchema = z.strictObject({
  query: z.string().max(2000, 'must be at most 2000 characters').trim().optional(),
  limit: z.number().int().min(1).max(500).optional(),
  cursor: z.string().max(200).nullish(),
});

/**
 * A page, newest first. `nextCursor` is null at the end. A page may be shorter than asked, even empty, with a
 * cursor: a search gives up its turn after a bounded time, and `scannedTo` says how far back it has looked.
 */
export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    scannedTo: timeSchema.nullable().optional(),
  });

export const okSchema = z.object({ done: z.literal(true) });
