/** By id, in their order. Throws for an id that comes twice. */
export function registerById<T>(kind: string, list: readonly T[], idOf: (one: T) => string): ReadonlyMap<string, T> {
  const byId = new Map(list.map((one) => [idOf(one), one]));
  if (byId.size < list.length) throw new TypeError(`two ${kind} have the same id`);
  return byId;
}
