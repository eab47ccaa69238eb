import { z } from 'zod';
import type { ReadableDb } from './open.ts';
import { statement } from './statements.ts';

const sizeSchema = z.object({ bytes: z.number() });

/** Bytes of the database itself. Its files are larger at times: the log keeps its size after it was moved into it. */
export const storedBytes = (db: ReadableDb): number =>
  sizeSchema.parse(
    statement(db, 'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()').get(),
  ).bytes;
