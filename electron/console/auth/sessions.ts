import { sessionLifetimeMs } from '../../accounts/account-sessions.ts';
import { hashSecret, newSecret } from '../../accounts/secret-text.ts';

const maxSessions = 200;

export const sessionLifetimeSeconds = sessionLifetimeMs / 1000;

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

  function isLiveKey(key: string): boolean {
    const expiresAtMs = expiry.get(key);
    if (expiresAtMs === undefined) return false;
    if (expiresAtMs > nowMs()) return true;
    expiry.delete(key);
    return false;
  }

  function touch(key: string): void {
    expiry.delete(key);
    expiry.set(key, nowMs() + sessionLifetimeMs);
  }

  return {
    create() {
      const id = newSecret();
      touch(hashSecret(id));
      for (const oldest of expiry.keys()) {
        if (expiry.size <= maxSessions) break;
        expiry.delete(oldest);
      }
      return id;
    },
    use(id) {
      const key = hashSecret(id);
      if (!isLiveKey(key)) return false;
      touch(key);
      return true;
    },
    isLive: (id) => isLiveKey(hashSecret(id)),
    end(id) {
      expiry.delete(hashSecret(id));
    },
  };
}
