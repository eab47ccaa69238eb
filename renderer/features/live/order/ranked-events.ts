import { compareKeys, type SortKey } from '../../../../shared/columns/sort-key.ts';
import { rankedMost } from '../../../../shared/contract/event-orders.ts';
import type { EventItem } from '../../../../shared/contract/events.ts';

export interface Ranked {
  key?: SortKey;
  event: EventItem;
}

/** The first events of two pieces in one order. Ids sort by time: of equal values the newer one is first. */
export const mergeRanked = (a: readonly Ranked[], b: readonly Ranked[], descending: boolean): Ranked[] =>
  [...a, ...b]
    .sort((x, y) => compareKeys(x.key, y.key, descending) || (x.event.id < y.event.id ? 1 : -1))
    .slice(0, rankedMost);

export interface Group {
  key?: SortKey;
  count: number;
  newestAt: string;
  newestId: string;
}

/** Beyond so many values a list of them says nothing. */
const maxGroups = 5000;

/** Groups of two pieces, the second older than the first; the most frequent first. */
export function mergeGroups(a: readonly Group[], b: readonly Group[]): Group[] {
  const groups = new Map(a.map((group) => [group.key, group]));
  for (const group of b) {
    const known = groups.get(group.key);
    if (known !== undefined) groups.set(group.key, { ...known, count: known.count + group.count });
    else if (groups.size < maxGroups) groups.set(group.key, group);
  }
  return [...groups.values()].sort((x, y) => y.count - x.count || compareKeys(x.key, y.key, false));
}
