import { type ConditionInput, isObject, type JsonObject } from '../tree.ts';

/**
 * A stored Flatfile event as the vendor's listener sees it. Stored are: `type` = its topic, `context` and `payload` =
 * its own, and everything else of the raw event (domain, origin, target, attributes, namespaces, id, createdAt …) under
 * `context.flatfile`. The listener wraps the raw event in an object of its own, and filters look at all of that
 * object, so its other parts are here too, with what they hold in a listener that is not logged in.
 */
export const FLATFILE_PLACE = 'flatfile';

/** Top-level keys in the listener's order, which is the order they are found in. */
export const LISTENER_KEYS = [
  '_accessToken',
  '_apiUrl',
  'src',
  'afterAllCallbacks',
  'cache',
  'domain',
  'topic',
  'context',
  'payload',
  'target',
  'origin',
  'action',
  'namespace',
  'createdAt',
  'data',
] as const;

export type ListenerKey = (typeof LISTENER_KEYS)[number];

const EMPTY: JsonObject = {};
const NO_NAMESPACE: readonly string[] = [];
// A Map turns into this text when the listener compares it.
const MAP_TEXT = '[object Map]';
const CACHE = { eventCache: MAP_TEXT };
const ACCESS_TOKEN = '...';
const API_URL = 'https://platform.flatfile.com/api/';
const DATA_TEXT = 'async t=>this.fetchData(t)';

/** What is the same in all events, by dotted key. */
export const CONSTANTS: ReadonlyMap<string, unknown> = new Map([
  ['_accessToken', ACCESS_TOKEN],
  ['_apiUrl', API_URL],
  ['afterAllCallbacks', MAP_TEXT],
  ['cache.eventCache', MAP_TEXT],
  ['data', DATA_TEXT],
]);

/** What the raw event has beside topic, context and payload. */
export function restOf(event: ConditionInput): JsonObject {
  const { context } = event;
  if (!isObject(context) || !Object.hasOwn(context, FLATFILE_PLACE)) return EMPTY;
  const rest = context[FLATFILE_PLACE];
  return isObject(rest) ? rest : EMPTY;
}

const own = (object: JsonObject, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);

/** What the listener puts beside the raw event, and what is not the same in all events. */
export function outerValues(event: ConditionInput): JsonObject {
  const rest = restOf(event);
  return {
    domain: own(rest, 'domain'),
    target: own(rest, 'target') || '',
    origin: own(rest, 'origin') || EMPTY,
    action: (isObject(event.context) && own(event.context, 'actionName')) || '',
    namespace: own(rest, 'namespaces') || NO_NAMESPACE,
    createdAt: own(rest, 'createdAt') || undefined,
  };
}

/** The value of one of the listener's keys. `context` still has the rest of the event in it: `ownContext` leaves it out. */
export function listenerValue(key: ListenerKey, event: ConditionInput): unknown {
  switch (key) {
    case '_accessToken':
      return ACCESS_TOKEN;
    case '_apiUrl':
      return API_URL;
    case 'src':
      return rawEvent(event);
    case 'afterAllCallbacks':
      return MAP_TEXT;
    case 'cache':
      return CACHE;
    case 'domain':
      return own(restOf(event), 'domain');
    case 'topic':
      return event.type;
    case 'context':
      return event.context;
    case 'payload':
      return event.payload;
    case 'target':
      return own(restOf(event), 'target') || '';
    case 'origin':
      return own(restOf(event), 'origin') || EMPTY;
    case 'action':
      return (isObject(event.context) && own(event.context, 'actionName')) || '';
    case 'namespace':
      return own(restOf(event), 'namespaces') || NO_NAMESPACE;
    case 'createdAt':
      return own(restOf(event), 'createdAt') || undefined;
    case 'data':
      return DATA_TEXT;
  }
}

/** The event as the vendor sent it, for a stored one. */
export function rawEvent(event: ConditionInput): JsonObject {
  const { type, payload } = event;
  const raw: JsonObject = { topic: type, context: ownContext(event.context) };
  if (payload !== undefined) raw.payload = payload;
  const rest = restOf(event);
  for (const key of Object.keys(rest)) {
    if (key === 'topic' || key === 'context' || key === 'payload') continue;
    // Assigning would set the prototype instead of a key.
    if (key === '__proto__') Object.defineProperty(raw, key, { value: rest[key], enumerable: true });
    else raw[key] = rest[key];
  }
  return raw;
}

/** The vendor's context, without the place where the rest of the event is kept. */
export function ownContext(context: unknown): unknown {
  if (!isObject(context) || !Object.hasOwn(context, FLATFILE_PLACE)) return context;
  return Object.fromEntries(Object.entries(context).filter(([key]) => key !== FLATFILE_PLACE));
}
