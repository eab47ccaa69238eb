import type { EventItem } from '../../../shared/contract/events.ts';

export type KnownPaths = readonly string[];

const maxPaths = 300;
const maxDepth = 4;
/** A name that the query language takes without quotes. */
const plainName = /^[A-Za-z_$][\w$-]*$/;

function collect(value: unknown, path: string, depth: number, into: Set<string>): void {
  if (into.size >= maxPaths || depth > maxDepth || typeof value !== 'object' || value === null) return;
  const entries = Array.isArray(value)
    ? value.slice(0, 1).map((one): [string, unknown] => ['', one])
    : Object.entries(value);
  for (const [key, child] of entries.slice(0, 40)) {
    if (key !== '' && !plainName.test(key)) continue;
    const at = key === '' ? path : `${path}.${key}`;
    if (typeof child === 'object' && child !== null) collect(child, at, depth + 1, into);
    else if (into.size < maxPaths) into.add(at);
  }
}

/** Adds the paths of the events' leaves; the same array comes back when there is nothing new. */
export function addPaths(known: KnownPaths, events: readonly EventItem[]): KnownPaths {
  if (known.length >= maxPaths) return known;
  const all = new Set(known);
  for (const event of events.slice(0, 20)) {
    collect(event.context, 'context', 1, all);
    collect(event.payload, 'payload', 1, all);
  }
  return all.size === known.length ? known : [...all].sort();
}
