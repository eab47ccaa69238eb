interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

const pageSize = 500;

/**
 * The first `limit` rows of a list, in its order. A page may be short, even empty, and go on all the same. `isEnough`
 * ends it early, at a row that is not taken.
 */
export async function collectPages<T>(
  fetchPage: (page: { limit: number; cursor: string | null }) => Promise<Page<T>>,
  limit: number,
  isEnough: (row: T) => boolean = () => false,
): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  while (found.length < limit) {
    const page: Page<T> = await fetchPage({ limit: Math.min(pageSize, limit - found.length), cursor });
    for (const row of page.items) {
      if (isEnough(row)) return found;
      found.push(row);
    }
    if (page.nextCursor === null) return found;
    cursor = page.nextCursor;
  }
  return found;
}
