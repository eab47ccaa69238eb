import { z } from 'zod';
import { call } from './call.ts';
import { columnSchema, maxColumns } from './views.ts';

/** `curl` and `har` are requests as received: events that no delivery brought have none. */
export const exportFormats = ['jsonl', 'csv', 'har', 'curl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const eventExportCalls = {
  /**
   * A piece of a file of events, newest first: of those that `query` finds, or of those in `ids`. The file is `head`, the
   * pieces' texts with `between` from one to the next, and `tail`. Secrets are masked as they are stored.
   */
  'events.export': call(
    z
      .strictObject({
        format: z.enum(exportFormats),
        query: z.string().max(2000, 'must be at most 2000 characters').trim().optional(),
        ids: z.array(z.string()).min(1).max(10_000).optional(),
        /** Of `csv`; absent: the usual ones. */
        columns: z.array(columnSchema).min(1).max(maxColumns).optional(),
        cursor: z.string().max(200).nullish(),
      })
      .refine(({ query, ids }) => query === undefined || ids === undefined, {
        message: 'takes query or ids, not both',
      }),
    z.object({
      head: z.string(),
      text: z.string(),
      between: z.string(),
      tail: z.string(),
      /** In this piece. */
      events: z.number().int(),
      /** Left out of this piece: no request is stored for them, or it is too large. */
      skipped: z.number().int(),
      nextCursor: z.string().nullable(),
    }),
  ),
};
