/** As the contract bounds the ids of one call. */
const maxIds = 500;

/** Ids in parts that one call takes, in their order. */
export function idBatches(ids: readonly string[]): string[][] {
  const batches: string[][] = [];
  for (let at = 0; at < ids.length; at += maxIds) batches.push(ids.slice(at, at + maxIds));
  return batches;
}
