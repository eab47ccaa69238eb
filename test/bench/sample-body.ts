import { sampleDocument } from './fill-store.ts';
import { createRandom } from './numbers.ts';

export const benchType = 'crm.entity7.changed';

/** About 1 KB of JSON with a type and a context, as the source `bench` reads them. `id` may be `@N@`, see load.ts. */
export function sampleBody(id?: string): string {
  const data = sampleDocument(1, createRandom(1));
  return JSON.stringify({ event: benchType, ...(id === undefined ? {} : { id }), ctx: { spaceId: 'us_sp_1' }, data });
}
