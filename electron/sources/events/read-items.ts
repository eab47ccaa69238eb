import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import type { EventDraft } from '../../intake/intake-types.ts';

export type ReadItem = { ok: true; event: EventDraft } | { ok: false; problem: string };

/** Skipped events that are noted one by one; the rest is counted. */
const notedOneByOne = 5;

export interface ReadItems {
  events: EventDraft[];
  notes: readonly DeliveryNote[];
  /** Of the first that could not be read, with its place; null when all could. */
  problem: string | null;
}

/**
 * The events of a list of which each may be bad without harm to its neighbours: a sender whose delivery is refused
 * rarely sends the good ones again. A list of nothing but bad ones is the caller's to refuse.
 */
export function readEach<T>(items: readonly T[], read: (item: T) => ReadItem): ReadItems {
  const events: EventDraft[] = [];
  const problems: string[] = [];
  for (const [i, item] of items.entries()) {
    const found = read(item);
    if (found.ok) events.push(found.event);
    else problems.push(`event ${i + 1} of ${items.length}: ${found.problem}`);
  }
  const notes = problems.slice(0, notedOneByOne).map((problem) => ({
    code: 'event_skipped',
    message: `Not in the events is ${problem}. It is in the kept body.`,
  }));
  const more = problems.length - notedOneByOne;
  if (more > 0) {
    notes.push({ code: 'event_skipped', message: `Nor are ${more} more of the ${items.length} in the events.` });
  }
  return { events, notes, problem: problems[0] ?? null };
}
