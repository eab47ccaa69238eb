import { z } from 'zod';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';

/** A listener or job that could not be read. */
export interface DefinitionGap {
  kind: 'listener' | 'job';
  slug: string;
  /** Events with a greater `seq` have not been matched with it. */
  afterSeq: number;
}

const rowSchema = z.object({ kind: z.enum(['listener', 'job']), slug: z.string(), after_seq: z.number() });

export const readGaps = (db: ReadableDb): DefinitionGap[] =>
  statement(db, 'SELECT kind, slug, after_seq FROM definition_gaps ORDER BY kind, slug')
    .all()
    .map((raw) => {
      const { kind, slug, after_seq: afterSeq } = rowSchema.parse(raw);
      return { kind, slug, afterSeq };
    });

/** Keeps the earlier beginning of one that is there. */
export const openGap = (db: WritableDb, { kind, slug, afterSeq }: DefinitionGap): void => {
  statement(db, 'INSERT OR IGNORE INTO definition_gaps (kind, slug, after_seq) VALUES (?, ?, ?)').run(
    kind,
    slug,
    afterSeq,
  );
};

/** Events up to `afterSeq` have been matched. */
export const shortenGap = (db: WritableDb, { kind, slug, afterSeq }: DefinitionGap): void => {
  statement(db, 'UPDATE definition_gaps SET after_seq = ? WHERE kind = ? AND slug = ?').run(afterSeq, kind, slug);
};

export const closeGap = (db: WritableDb, { kind, slug }: Pick<DefinitionGap, 'kind' | 'slug'>): void => {
  statement(db, 'DELETE FROM definition_gaps WHERE kind = ? AND slug = ?').run(kind, slug);
};
