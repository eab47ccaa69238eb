import { hashSecret, newSecret } from './secret-text.ts';

export const challengeLifetimeMs = 5 * 60 * 1000;
const maxOpen = 1000;
const maxPerAddress = 20;

export interface PasskeyChallenges {
  /**
   * Keeps a challenge for `purpose`, such as the session that it was made for. Returns the secret for a cookie, which ties the
   * answer to this browser.
   */
  open(challenge: string, purpose: string, address: string): string;
  /** The challenge, once; null: it was used, is too old, or was made for another purpose or browser. */
  take(ticket: string, purpose: string): string | null;
}

interface Open {
  challenge: string;
  purpose: string;
  address: string;
  expiresAtMs: number;
}

/** In memory only. One address cannot push out the challenges of others: it loses its own first. */
export function createPasskeyChallenges(nowMs: () => number): PasskeyChallenges {
  // In the order in which they were made. Keys are hashes, so that finding one tells nothing by its timing.
  const open = new Map<string, Open>();

  function makeRoom(address: string): void {
    const now = nowMs();
    let own = 0;
    for (const [key, one] of [...open].toReversed()) {
      if (one.address === address) own += 1;
      if (one.expiresAtMs <= now || (one.address === address && own >= maxPerAddress)) open.delete(key);
    }
    for (const oldest of open.keys()) {
      if (open.size < maxOpen) break;
      open.delete(oldest);
    }
  }

  return {
    open(challenge, purpose, address) {
      makeRoom(address);
      const ticket = newSecret();
      open.set(hashSecret(ticket), { challenge, purpose, address, expiresAtMs: nowMs() + challengeLifetimeMs });
      return ticket;
    },
    take(ticket, purpose) {
      const key = hashSecret(ticket);
      const found = open.get(key);
      open.delete(key);
      if (found === undefined || found.expiresAtMs <= nowMs() || found.purpose !== purpose) return null;
      return found.challenge;
    },
  };
}
