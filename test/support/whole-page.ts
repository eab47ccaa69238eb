import { defaultPageLimit } from '../../electron/store/paging/page.ts';

const scanned = new Set(['events.list', 'runs.list', 'deliveries.list']);

interface Page {
  items: unknown[];
  nextCursor: string | null;
}

const isPage = (value: unknown): value is Page =>
  typeof value === 'object' && value !== null && Array.isArray(Reflect.get(value, 'items')) && 'nextCursor' in value;

/**
 * A call's value; of a list as many rows as were asked for, or all there are. A page takes 30 ms at most and then ends
 * early, with a cursor, which on a busy machine is soon.
 */
export async function wholePage<T>(
  name: string,
  input: { limit?: number | undefined } | object,
  callOnce: (input: object) => Promise<T>,
): Promise<T> {
  const value = await callOnce(input);
  if (!scanned.has(name) || !isPage(value)) return value;
  const limit = 'limit' in input && input.limit !== undefined ? input.limit : defaultPageLimit;
  while (value.nextCursor !== null && value.items.length < limit) {
    const more = await callOnce({ ...input, limit: limit - value.items.length, cursor: value.nextCursor });
    if (!isPage(more)) throw new Error(`${name} gave no page`);
    value.items.push(...more.items);
    value.nextCursor = more.nextCursor;
  }
  return value;
}
