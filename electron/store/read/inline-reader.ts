import type { ReadableDb } from '../database/open.ts';
import { readCalls } from './read-calls.ts';
import type { ReopenableReader } from './reader.ts';

/**
 * Reads on this thread and connection, for a store that only one connection can have open (see `openWithoutRoom`). A long
 * read holds up everything else, which is little at such a time.
 */
export function createInlineReader(db: ReadableDb): ReopenableReader {
  const calls: Record<string, (database: ReadableDb, request: never) => unknown> = readCalls;
  return {
    // The call of a name takes that name's request and gives its result (read-calls.ts types both).
    read: async (name, request) => calls[name]?.(db, request as never) as never,
    reopen: async () => undefined,
    close: async () => undefined,
  };
}
