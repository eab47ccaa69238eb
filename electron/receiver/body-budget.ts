/** One request's share of the memory for bodies. */
export interface BodyBudget {
  /** False, and nothing taken, when all requests together would hold too much. */
  take(sizeBytes: number): boolean;
  release(): void;
}

export interface BodyBudgets {
  open(): BodyBudget;
  usedBytes(): number;
}

export function createBodyBudgets(maxBytes: number): BodyBudgets {
  let usedBytes = 0;
  return {
    usedBytes: () => usedBytes,
    open() {
      let heldBytes = 0;
      return {
        take(sizeBytes) {
          if (usedBytes + sizeBytes > maxBytes) return false;
          usedBytes += sizeBytes;
          heldBytes += sizeBytes;
          return true;
        },
        release() {
          usedBytes -= heldBytes;
          heldBytes = 0;
        },
      };
    },
  };
}
