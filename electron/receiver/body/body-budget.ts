/** One request's share of the memory for bodies. */
export interface BodyBudget {
  /** False, and nothing taken, when all requests together would hold too much. */
  take(sizeBytes: number): boolean;
  release(): void;
}

export interface BodyBudgets {
  /** Strangers (no verified delivery has come from their address) cannot use up what is kept for known senders. */
  open(isKnown: boolean): BodyBudget;
}

export function createBodyBudgets(maxBytes: number, maxStrangerBytes: number): BodyBudgets {
  let usedBytes = 0;
  let strangerBytes = 0;
  return {
    open(isKnown) {
      let heldBytes = 0;
      return {
        take(sizeBytes) {
          if (usedBytes + sizeBytes > maxBytes) return false;
          if (!isKnown && strangerBytes + sizeBytes > maxStrangerBytes) return false;
          usedBytes += sizeBytes;
          if (!isKnown) strangerBytes += sizeBytes;
          heldBytes += sizeBytes;
          return true;
        },
        release() {
          usedBytes -= heldBytes;
          if (!isKnown) strangerBytes -= heldBytes;
          heldBytes = 0;
        },
      };
    },
  };
}
