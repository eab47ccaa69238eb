/** Refused deliveries that may be kept of one source in a second: a flood of them must not become a flood of writes. */
const keptPerSecond = 20;
/** Sources that are not there share one allowance. */
const nobody = '';

/** Answers whether one more refused delivery of this source may be kept. */
export function createRefusalLimit(nowMs: () => number): (source: string | null) => boolean {
  let second = 0;
  const kept = new Map<string, number>();
  return (source) => {
    const current = Math.floor(nowMs() / 1000);
    if (current !== second) {
      second = current;
      kept.clear();
    }
    const key = source ?? nobody;
    const count = kept.get(key) ?? 0;
    if (count >= keptPerSecond) return false;
    kept.set(key, count + 1);
    return true;
  };
}
