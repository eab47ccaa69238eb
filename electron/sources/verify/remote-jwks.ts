import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { AppError } from '../../../shared/contract/errors.ts';

type KeySet = ReturnType<typeof createLocalJWKSet>;

const timeoutMs = 3000;
const maxBytes = 256 * 1024;
/** Keys are asked for again after this, so that one that its owner took back does not count for ever. */
const refreshAfterMs = 3_600_000;
/** While they cannot be had, the old ones serve this long. */
const keepMs = 24 * 3_600_000;
/** Whoever sends made-up key ids makes us ask no more often than this. */
const minIntervalMs = 60_000;
/** Without any keys every delivery is turned away until the next try. */
const retryMs = 5_000;

export interface RemoteKeys {
  /** Rejects with AppError `unavailable` when there are none to be had. */
  current(): Promise<KeySet>;
  /** Newly fetched keys; null when they were asked for less than a minute ago or could not be had. */
  refresh(): Promise<KeySet | null>;
  problem(): string | null;
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new AppError('unavailable', `it is larger than ${maxBytes / 1024} KiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  // fetch says no more than "fetch failed" and puts the reason beneath.
  return error.cause instanceof Error ? error.cause.message : error.message;
};

/**
 * Public keys at an address. jose's own remote set is not used: it reads an answer of any size, follows the cache no
 * further than a fixed age, and forgets good keys when their host is away.
 */
export function createRemoteKeys(url: string, parse: (text: string) => JSONWebKeySet): RemoteKeys {
  let keys: KeySet | null = null;
  let fetchedAtMs = 0;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let pending: Promise<KeySet | null> | null = null;
  let problem: string | null = null;

  async function fetchKeys(): Promise<KeySet | null> {
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/jwk-set+json, application/json' },
        // Where an address leads to is for the operator to say.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new AppError('unavailable', `it answered ${response.status}`);
      }
      keys = createLocalJWKSet(parse(await readBounded(response)));
      fetchedAtMs = Date.now();
      problem = null;
      return keys;
    } catch (error) {
      problem = `verify.jwks: the keys could not be fetched from ${url}: ${reasonOf(error)}`;
      return null;
    }
  }

  function start(): Promise<KeySet | null> {
    triedAtMs = Date.now();
    pending ??= fetchKeys().finally(() => {
      pending = null;
    });
    return pending;
  }

  const refresh = async (): Promise<KeySet | null> =>
    pending ?? (Date.now() - triedAtMs >= minIntervalMs ? start() : null);

  return {
    async current() {
      const ageMs = Date.now() - fetchedAtMs;
      if (keys !== null && ageMs < refreshAfterMs) return keys;
      if (keys !== null) return (await refresh()) ?? usable(keys, ageMs);
      if (pending === null && Date.now() - triedAtMs < retryMs) throw new AppError('unavailable', problem ?? url);
      const fetched = await start();
      if (fetched === null) throw new AppError('unavailable', problem ?? url);
      return fetched;
    },
    refresh,
    problem: () => problem,
  };

  function usable(old: KeySet, ageMs: number): KeySet {
    if (ageMs < keepMs) return old;
    throw new AppError('unavailable', problem ?? `verify.jwks: the keys of ${url} are too old`);
  }
}
