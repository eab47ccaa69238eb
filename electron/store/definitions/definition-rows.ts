import { z } from 'zod';
import { ownerSchema } from '../../../shared/contract/common.ts';
import { errorText } from '../../../shared/error-text.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';

/** What every definition table has beside its own columns. Times in milliseconds since 1970. */
export interface DefinitionMeta {
  owner: z.infer<typeof ownerSchema>;
  version: number;
  createdAtMs: number;
  updatedAtMs: number;
}

/** A row that cannot be used: reported instead of taking the whole list down with it. */
export interface BrokenRow {
  kind: 'source' | 'job' | 'listener' | 'alarm' | 'setting';
  slug: string;
  /** Of a listener, where that can be read. */
  state?: string | undefined;
  message: string;
}

export interface Rows<T> {
  rows: T[];
  broken: BrokenRow[];
}

const metaColumns = {
  slug: z.string(),
  spec: z.string(),
  owner: ownerSchema,
  version: z.number().int(),
  created_at: z.number(),
  updated_at: z.number(),
};

export const definitionRowSchema = z.object(metaColumns);
export type DefinitionRow = z.infer<typeof definitionRowSchema>;

export const toMeta = (row: DefinitionRow): DefinitionMeta => ({
  owner: row.owner,
  version: row.version,
  createdAtMs: row.created_at,
  updatedAtMs: row.updated_at,
});

const partsSchema = z.object({ slug: z.string().catch('?'), state: z.string().optional().catch(undefined) });

/** Reads each row on its own; one that cannot be read is set aside with the reason. */
export function readRows<T>(kind: BrokenRow['kind'], raws: readonly unknown[], read: (raw: unknown) => T): Rows<T> {
  const rows: T[] = [];
  const broken: BrokenRow[] = [];
  for (const raw of raws) {
    try {
      rows.push(read(raw));
    } catch (error) {
      broken.push({ kind, ...partsSchema.parse(raw), message: readError(error) });
    }
  }
  return { rows, broken };
}

/** JSON text that `schema` accepts; throws with what is wrong. */
export const parseJson = <T extends z.ZodType>(schema: T, text: string): z.output<T> => schema.parse(parseExact(text));

function readError(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [first] = error.issues;
    if (first !== undefined) return `${first.path.join('.') || 'the definition'}: ${first.message}`;
  }
  return errorText(error);
}
