import { type ConditionInput, isObject, type JsonObject } from '../tree.ts';
import { FLATFILE_PLACE, outerValues, restOf } from './flatfile-event.ts';

/**
 * A place in events, such as `payload.status`. Events have few different ones, so each is made once, and whether a key
 * of a filter fits it can be kept by its `id`.
 */
export interface Place {
  readonly id: number;
  readonly name: string;
  /** Null above what stands at the top of the listener's event or of the raw one. */
  readonly parent: Place | null;
  readonly depth: number;
  readonly top: Top;
  readonly children: Map<string, Place>;
  /** The children as the last object had them: comparing with the next one costs less than looking it up. */
  readonly order: Place[];
  /** What is below it is looked at elsewhere, or is not the vendor's. */
  readonly isSkipped: boolean;
}

/** Where a place is found: in the listener's own object, in the raw event under `src`, or alike in both. */
export type Top = 'outer' | 'src' | 'both';

/** The values of one event with their places: as many `places` as `values`. */
export interface Leaves {
  readonly atlas: Atlas;
  readonly places: Place[];
  readonly values: unknown[];
}

/** Places known so far; thrown away as a whole when there are too many, for senders choose the keys. */
export interface Atlas {
  size: number;
  readonly tops: Record<Top, Place>;
}

const MAX_PLACES = 4_096;
const MAX_LEAVES = 4_096;
const MAX_DEPTH = 32;
const MAX_NAME_LENGTH = 128;

/** A key with a dot looks like two; an empty one leaves two dots, which count as one; wildcards take no line end. */
export const ODD_KEY = /^$|[.\n\r\u2028\u2029]/;

const topPlace = (top: Top): Place => ({
  id: -1,
  name: '',
  parent: null,
  depth: 0,
  top,
  children: new Map(),
  order: [],
  isSkipped: false,
});
const newAtlas = (): Atlas => ({
  size: 0,
  tops: { outer: topPlace('outer'), src: topPlace('src'), both: topPlace('both') },
});

let atlas = newAtlas();
// All listeners look at an event before the next one comes, so remembering one is enough.
let lastEvent: ConditionInput | null = null;
let lastLeaves: Leaves | null = null;
let hasOuter = false;

/**
 * The values of the event as the vendor's listener sees it, found once for all that ask about the same object, which
 * must not change meanwhile. Null for an event that is too large or too deep, or has odd keys. What the listener puts
 * beside the raw event says most of that again, a third of the work, and is there when `needsOuter`.
 */
export function leavesOf(event: ConditionInput, needsOuter: boolean): Leaves | null {
  if (event !== lastEvent) {
    if (atlas.size > MAX_PLACES) atlas = newAtlas();
    const leaves: Leaves = { atlas, places: [], values: [] };
    lastLeaves = collectEvent(leaves, event) ? leaves : null;
    lastEvent = event;
    hasOuter = false;
  }
  if (needsOuter && !hasOuter && lastLeaves !== null) {
    hasOuter = true;
    if (collectInside(lastLeaves, lastLeaves.atlas.tops.outer, outerValues(event)) === UNFIT) lastLeaves = null;
  }
  return lastLeaves;
}

/** Names of values that stand outside of the raw event alone. */
export const OUTER_NAMES: readonly string[] = ['domain', 'target', 'origin', 'action', 'namespace', 'createdAt'];

function collectEvent(leaves: Leaves, event: ConditionInput): boolean {
  const { outer, src, both } = leaves.atlas.tops;
  const { type, context, payload } = event;
  const rest = restOf(event);
  // Where there is no payload the raw event has none, and the listener's object has one that is undefined.
  const isInBoth = payload !== undefined;
  return (
    !isPrototypeChanged() &&
    collectInside(leaves, both, isInBoth ? { topic: type, context, payload } : { topic: type, context }) !== UNFIT &&
    (isInBoth || collectInside(leaves, outer, { payload }) !== UNFIT) &&
    collectInside(leaves, src, rest) !== UNFIT
  );
}

function isPrototypeChanged(): boolean {
  for (const _ in Object.prototype) return true;
  return false;
}

const EMPTY = 0;
const FILLED = 1;
const UNFIT = 2;

function collectInside(leaves: Leaves, parent: Place, object: JsonObject): typeof EMPTY | typeof FILLED | typeof UNFIT {
  let at = 0;
  let count = 0;
  // Asking each key whether it is inherited would take a third of the time.
  if (Object.getPrototypeOf(object) !== Object.prototype) return UNFIT;
  for (const key in object) {
    const known = parent.order[at];
    const place = known !== undefined && known.name === key ? known : childOf(leaves.atlas, parent, key, at);
    at += 1;
    if (place === null) return UNFIT;
    if (place.isSkipped) continue;
    count += 1;
    if (!collectValue(leaves, place, object[key])) return UNFIT;
  }
  return count === 0 ? EMPTY : FILLED;
}

/** An object without keys is a value; lists are, whatever is in them. */
function collectValue(leaves: Leaves, place: Place, value: unknown): boolean {
  if (isObject(value)) {
    const inside = collectInside(leaves, place, value);
    if (inside !== EMPTY) return inside === FILLED;
  }
  if (leaves.values.length >= MAX_LEAVES) return false;
  leaves.places.push(place);
  leaves.values.push(value);
  return true;
}

/** Null where there can be none: the event is then looked at in another way. */
function childOf(atlas: Atlas, parent: Place, key: string, at: number): Place | null {
  const known = parent.children.get(key);
  if (known !== undefined) {
    parent.order[at] = known;
    return known;
  }
  const depth = parent.depth + 1;
  if (depth > MAX_DEPTH || key.length > MAX_NAME_LENGTH || ODD_KEY.test(key)) return null;
  const { top } = parent;
  const isSkipped =
    top === 'src'
      ? depth === 1 && (key === 'topic' || key === 'context' || key === 'payload')
      : depth === 2 && parent.name === 'context' && key === FLATFILE_PLACE;
  const place: Place = { id: atlas.size, name: key, parent, depth, top, children: new Map(), order: [], isSkipped };
  atlas.size += 1;
  parent.children.set(key, place);
  parent.order[at] = place;
  return place;
}
