/** How long after its last verified delivery an address counts as a known sender. */
const keptMs = 24 * 3_600_000;
/** How old an entry gets before it is written again: the usual delivery then costs one look-up. */
const freshMs = 60_000;
const maxAddresses = 10_000;

export interface KnownSenders {
  note(address: string, nowMs: number): void;
  has(address: string, nowMs: number): boolean;
}

/**
 * Addresses that a verified delivery has come from. A share of connections and of body memory is kept for them, which
 * strangers cannot use up: whether a request can be verified shows only after its body was received.
 */
export function createKnownSenders(): KnownSenders {
  const lastSeenMs = new Map<string, number>();
  return {
    note(address, nowMs) {
      const last = lastSeenMs.get(address);
      if (last !== undefined && Math.abs(nowMs - last) < freshMs) return;
      // Deleted first, so that the map stays in the order of use and its first entry is the one to drop.
      lastSeenMs.delete(address);
      if (lastSeenMs.size >= maxAddresses) {
        const [oldest] = lastSeenMs.keys();
        if (oldest !== undefined) lastSeenMs.delete(oldest);
      }
      lastSeenMs.set(address, nowMs);
    },
    has(address, nowMs) {
      const last = lastSeenMs.get(address);
      return last !== undefined && nowMs - last < keptMs;
    },
  };
}
