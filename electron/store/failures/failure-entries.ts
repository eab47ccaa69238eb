import { z } from 'zod';
import { type FailureEntry, failureEntryKinds } from '../../../shared/contract/failures.ts';
import type { ReadableDb, WritableDb } from '../database/open.ts';
import { prepared } from '../database/statements.ts';
import { isoTime, isoTimeOrNull } from '../database/times.ts';

const detailSchema = z.object({
  untilMs: z.number().nullable().optional(),
  more: z.number().nullable().optional(),
  onChange: z.boolean().optional(),
  assignee: z.string().nullable().optional(),
  runId: z.string().nullable().optional(),
});
export type EntryDetail = z.infer<typeof detailSchema>;

export interface NewEntry {
  failure: number;
  kind: FailureEntry['kind'];
  atMs: number;
  /** Null: Signalbox. */
  by: string | null;
  text?: string | null;
  detail?: EntryDetail;
}

const added = prepared(
  'INSERT INTO failure_entries (failure, kind, at, actor, text, detail) VALUES (?, ?, ?, ?, ?, ?)',
);

export function addFailureEntry(db: WritableDb, { failure, kind, atMs, by, text = null, detail }: NewEntry): void {
  added(db).run(failure, kind, atMs, by, text, detail === undefined ? null : JSON.stringify(detail));
}

const rowSchema = z.object({
  kind: z.enum(failureEntryKinds),
  at: z.number(),
  actor: z.string().nullable(),
  text: z.string().nullable(),
  detail: z.string().nullable(),
});

const latest = prepared<unknown>(
  'SELECT kind, at, actor, text, detail FROM failure_entries WHERE failure = ? ORDER BY seq DESC LIMIT 200',
);

/** The latest 200, oldest first. */
export const readFailureEntries = (db: ReadableDb, failure: number): FailureEntry[] =>
  latest(db)
    .all(failure)
    .map((row): FailureEntry => {
      const { kind, at, actor, text, detail } = rowSchema.parse(row);
      const more = detailSchema.parse(detail === null ? {} : JSON.parse(detail));
      return {
        kind,
        at: isoTime(at),
        by: actor,
        text,
        until: isoTimeOrNull(more.untilMs ?? null),
        more: more.more ?? null,
        onChange: more.onChange ?? false,
        assignee: more.assignee ?? null,
        runId: more.runId ?? null,
      };
    })
    .reverse();
