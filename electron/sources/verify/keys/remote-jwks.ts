import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { AppError } from '../../../../shared/contract/errors.ts';
import { errorText } from '../../../../shared/error-text.ts';
import { type GetOptions, guardedGet } from '../../../outgoing/guarded-get.ts';
import { type Reach, RefusedAddressError } from '../../../outgoing/outgoing-address.ts';

type KeySet = ReturnType<typeof createLocalJWKSet>;

const timeoutMs = 3000;
const maxBytes = 256 * 1024;
/** Keys are asked for again after this, so that one that its owner took back does not count for ever. */
const refreshAfterMs = 3_600_000;
/** While they cannot be fetched, the old ones are used this long. */
const keepMs = 24 * 3_600_000;
/** Whoever sends made-up key ids makes us ask no more often than this. */
const minIntervalMs = 60_000;
/** Without any keys every delivery is turned away until the next try. */
const retryMs = 5_000;

export interface RemoteKeys {
  /** Rejects with AppError `unavailable` when none can be fetched. */
  current(): Promise<KeySet>;
  /** Newly fetched keys; null when they were asked for less than a minute ago or could not be fetched. */
  refresh(): Promise<KeySet | null>;
  problem(): string | null;
}

/** Before addresses were checked, a provider inside the network needed no setting. */
const adviceFor = (error: unknown): string =>
  error instanceof Error && error.cause instanceof RefusedAddressError && error.cause.isNotPublic
    ? '. If that is your provider inside your own network, set verify.jwks.allowPrivate to true'
    : '';

/**
 * Public keys at an address. jose's own remote set is not used: it reads an answer of any size, follows the cache no
 * further than a fixed age, and forgets good keys when their host is away.
 */
export function createRemoteKeys(
  url: string,
  reach: Reach,
  parse: (text: string) => JSONWebKeySet,
  { lookup, ca }: Pick<GetOptions, 'lookup' | 'ca'> = {},
): RemoteKeys {
  let keys: KeySet | null = null;
  let fetchedAtMs = 0;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let pending: Promise<KeySet | null> | null = null;
  let problem: string | null = null;

  async function fetchKeys(): Promise<KeySet | null> {
    try {
      const body = await guardedGet(new URL(url), {
        accept: 'application/jwk-set+json, application/json',
        maxBytes,
        timeoutMs,
        reach,
        allowsLiteral: true,
        lookup,
        ca,
      });
      keys = createLocalJWKSet(parse(body.toString('utf8')));
      fetchedAtMs = Date.now();
      problem = null;
      return keys;
    } catch (error) {
      const reason = errorText(error);
      problem = `verify.jwks: the keys could not be fetched from ${url}: ${reason}${adviceFor(error)}`;
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
