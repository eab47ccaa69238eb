import { z } from 'zod';
import { columnSchema, sortSchema, type View, viewPages } from '../../../shared/contract/views.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { statement } from '../database/statements.ts';
import { isoTime } from '../database/times.ts';

const rowSchema = z.object({
  id: z.string(),
  page: z.enum(viewPages),
  name: z.string(),
  query: z.string(),
  look: z.string(),
  saved_at: z.number(),
  saved_by: z.string().nullable(),
});

/** Part by part, so that one that a later version wrote does not cost the view. */
const lookSchema = z.object({
  columns: z.array(columnSchema).nullable().catch(null),
  sort: sortSchema.nullable().catch(null),
  group: z.string().nullable().catch(null),
});

const columns = 'id, page, name, query, look, saved_at, saved_by';

function toView(raw: unknown): View {
  const { look, saved_at, saved_by, ...row } = rowSchema.parse(raw);
  return { ...row, ...lookSchema.parse(JSON.parse(look)), savedAt: isoTime(saved_at), savedBy: saved_by };
}

/** By page and name. */
export const readViews = (db: ReadableDb): View[] =>
  statement(db, `SELECT ${columns} FROM views ORDER BY page, name COLLATE NOCASE`).all().map(toView);

export type ViewToStore = Omit<View, 'savedAt'> & { savedAtMs: number };

/** Puts the view in the place of the one with its id. Throws where another of the page has its name. */
export const putView = (db: WritableDb, view: ViewToStore): View => {
  const { id, page, name, query, columns: shown, sort, group, savedAtMs, savedBy } = view;
  return toView(
    statement(
      db,
      `INSERT INTO views (id, page, name, query, look, saved_at, saved_by) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET page = excluded.page, name = excluded.name, query = excluded.query,
         look = excluded.look, saved_at = excluded.saved_at, saved_by = excluded.saved_by
       RETURNING ${columns}`,
    ).get(id, page, name, query, JSON.stringify({ columns: shown, sort, group }), savedAtMs, savedBy),
  );
};

/** Whether there was one. */
export const deleteView = (db: WritableDb, id: string): boolean =>
  statement(db, 'DELETE FROM views WHERE id = ?').run(id).changes > 0;
