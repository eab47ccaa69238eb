import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../../shared/contract/errors.ts';
import type { PushEnvelope } from '../../../shared/contract/pushes.ts';
import { errorCode } from '../../../shared/error-code.ts';
import { CliError } from '../exit-codes.ts';
import type { ServerClient } from './server-client.ts';

export interface Following {
  client: ServerClient;
  /** Whether this push may have brought something. */
  concerns(envelope: PushEnvelope): boolean;
  /** Fetches what is new; never called twice at a time. True: there is nothing more to follow. */
  refresh(): Promise<boolean>;
  /** Ctrl-C. */
  signal: AbortSignal;
  note(line: string): void;
}

const firstRetryMs = 500;
const longestRetryMs = 10_000;

/**
 * Follows a server until `refresh` says that all is there, or Ctrl-C. Pushes only say when to fetch: what is shown comes
 * from the lists, so that nothing is lost between two connections, in a gap, or when pushes are dropped under load. A
 * lost connection is opened again; the first one must work.
 */
export async function followServer({ client, concerns, refresh, signal, note }: Following): Promise<void> {
  const over = new AbortController();
  const stop = (): void => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();

  let isDue = false;
  let refreshing: Promise<void> | null = null;
  let failure: unknown = null;
  async function refreshWhileDue(): Promise<void> {
    while (isDue && !over.signal.aborted) {
      isDue = false;
      if (await refresh()) stop();
    }
  }
  const retry = (): void => {
    isDue = true;
  };
  function schedule(): void {
    isDue = true;
    refreshing ??= refreshWhileDue()
      .catch((error: unknown) => {
        if (isLost(error)) return wait(firstRetryMs, undefined, { signal: over.signal }).then(retry, () => undefined);
        failure = error;
        stop();
      })
      .finally(() => {
        refreshing = null;
        if (isDue && !over.signal.aborted) schedule();
      });
  }

  let retryMs = firstRetryMs;
  let wasOpen = false;
  let lastSeq = 0;
  while (!over.signal.aborted) {
    try {
      await client.readPushes(
        {
          open() {
            if (wasOpen) note('Reconnected.');
            wasOpen = true;
            lastSeq = 0;
            retryMs = firstRetryMs;
            schedule();
          },
          push: (envelope) => {
            const isGap = envelope.dropped > 0 || (lastSeq > 0 && envelope.seq !== lastSeq + 1);
            lastSeq = envelope.seq;
            if (isGap || concerns(envelope)) schedule();
          },
        },
        over.signal,
      );
    } catch (error) {
      if (over.signal.aborted) break;
      if (!wasOpen || !isLost(error)) throw error;
    }
    if (over.signal.aborted) break;
    if (retryMs === firstRetryMs) note('Connection lost. Reconnecting…');
    await wait(retryMs, undefined, { signal: over.signal }).catch(() => undefined);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }
  signal.removeEventListener('abort', stop);
  await refreshing;
  if (failure !== null) throw failure;
}

/** The server went away or restarts: worth trying again. What it refuses is final. */
export const isLost = (error: unknown): boolean =>
  (error instanceof CliError && error.reason === 'noServer') ||
  (error instanceof AppError && error.code === 'unavailable') ||
  errorCode(error) === 'ECONNRESET';
