import type { Reader } from '../../store/read/reader.ts';

const defaultLimit = 10_000;
const pageEvents = 500;

/** The newest events that a query finds, oldest first, as they were received. `isMore`: it finds more than `limit`. */
export async function findReplayIds(
  deps: { reader: Reader; nowMs: () => number },
  { query, limit = defaultLimit }: { query: string; limit?: number | undefined },
): Promise<{ ids: string[]; isMore: boolean }> {
  const ids: string[] = [];
  const nowMs = deps.nowMs();
  let cursor: string | null = null;
  do {
    // One more than asked for tells whether there is more.
    const request = { query, limit: Math.min(pageEvents, limit + 1 - ids.length), cursor, nowMs };
    const page: { items: string[]; nextCursor: string | null } = await deps.reader.read('listEventIds', request);
    ids.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && ids.length <= limit);
  return { ids: ids.slice(0, limit).reverse(), isMore: ids.length > limit };
}
