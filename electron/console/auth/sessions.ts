import { createHash, randomBytes } from 'node:crypto';

const lifetimeMs = 30 * 24 * 60 * 60 * 1000;
const maxSessions = 200;

export const sessionLifetimeSeconds = lifetimeMs / 1000;

export interface Sessions {
  /** Starts a session and gives the id for the cookie: 256 random bits. */
  create(): string;
  /** Whether the id belongs to a live session; using it keeps it alive for another 30 days. */
  use(id: string): boolean;
  /** Like `use`, without keeping it alive. */
  isLive(id: string): boolean;
  end(id: string): void;
}

/** Kept in memory only: a restart asks for the token again. The least recently used go first when there are too many. */
export function createSessions(nowMs: () => number = Date.now): Sessions {
  // Insertion order is the order of use. Keys are hashes, so that finding one tells nothing by its timing.
  const expiry = new Map<string, number>();
  const keyOf = (id: string): string => createHash('sha256').update(id).digest('base64');

  function isLiveKey(key: string): boolean {
    const expiresAtMs = expiry.get(key);
    if (expiresAtMs === undefined) return false;
    if (expiresAtMs > nowMs()) return true;
    expiry.delete(key);
    return false;
  }

  function touch(key: string): void {
    expiry.delete(key);
    expiry.set(key, nowMs() + lifetimeMs);
  }

  return {
    create() {
      const id = randomBytes(32).toString('base64url');
      touch(keyOf(id));
      for (const oldest of expiry.keys()) {
        if (expiry.size <= maxSessions) break;
        expiry.delete(oldest);
      }
      return id;
    },
    use(id) {
      const key = keyOf(id);
      if (!isLiveKey(key)) return false;
      touch(key);
      return true;
    },
    isLive: (id) => isLiveKey(keyOf(id)),
    end(id) {
      expiry.delete(keyOf(id));
    },
  };
}
