export interface Rate {
  perSecond: number;
  burst: number;
}

export interface RateLimiter {
  /** Seconds to wait, at least 1, or 0 when the request may pass. */
  take(slug: string, rate: Rate, nowMs: number): number;
  /** Whether `take` would say to wait. */
  isEmpty(slug: string, rate: Rate, nowMs: number): boolean;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * A token bucket for each source. Its own because the limiters at hand count in windows, which lets two bursts meet at
 * their border, and answer through promises.
 */
export function createRateLimiter(): RateLimiter {
  const buckets = new Map<string, Bucket>();

  function refill(bucket: Bucket, rate: Rate, nowMs: number): void {
    // A clock that was set back must not drain the bucket.
    const elapsedMs = Math.max(0, nowMs - bucket.atMs);
    bucket.tokens = Math.min(rate.burst, bucket.tokens + (elapsedMs * rate.perSecond) / 1000);
    bucket.atMs = nowMs;
  }

  return {
    take(slug, rate, nowMs) {
      let bucket = buckets.get(slug);
      if (bucket === undefined) {
        bucket = { tokens: rate.burst, atMs: nowMs };
        buckets.set(slug, bucket);
      }
      refill(bucket, rate, nowMs);
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return 0;
      }
      return Math.max(1, Math.ceil((1 - bucket.tokens) / rate.perSecond));
    },
    isEmpty(slug, rate, nowMs) {
      const bucket = buckets.get(slug);
      if (bucket === undefined) return false;
      refill(bucket, rate, nowMs);
      return bucket.tokens < 1;
    },
  };
}
