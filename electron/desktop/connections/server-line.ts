import type { Logger } from 'pino';
import type { LinePhase } from '../../../shared/contract/desktop.ts';
import { type PushEnvelope, pushEnvelopeSchema } from '../../../shared/contract/pushes.ts';
import { parseReply, type Reply } from '../../../shared/contract/reply.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { PushHub } from '../../console/push/push-hub.ts';
import { type Credential, credentialHeaders } from './credential.ts';
import { readEventStream } from './event-stream.ts';
import type { Fetch } from './server-fetch.ts';

export interface ServerLineDeps {
  name: string;
  /** Origin and path, without a slash at the end. */
  address: string;
  fetch: Fetch;
  /** Null: signed out. The same object for as long as it is the same sign-in. */
  credential(): Credential | null;
  onPhase(phase: LinePhase): void;
  log: Logger;
  /** First wait before the stream is opened again; doubles up to 10 s. */
  retryMs?: number;
}

export interface ServerLine extends Pick<PushHub, 'connect'> {
  /** Never rejects. */
  answer(name: string, input: unknown): Promise<Reply>;
  phase(): LinePhase;
  /** Tries now instead of later, such as after a sign-in. */
  retry(): void;
  close(): void;
}

const longestRetryMs = 10_000;
/** The server's streams say something every 15 s. */
const silenceMs = 60_000;

const parse = (text: string): unknown => {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
};

/** The contract of a server over HTTP, with the same two ways as the app in this process: calls and pushes. */
export function createServerLine(deps: ServerLineDeps): ServerLine {
  const { name: label, address, log } = deps;
  const firstRetryMs = deps.retryMs ?? 500;
  const ending = new AbortController();
  const retries = new Set<() => void>();
  let phase: LinePhase = 'connecting';

  const enter = (next: LinePhase): void => {
    if (phase === next || ending.signal.aborted) return;
    phase = next;
    deps.onPhase(next);
  };
  const failure = (code: 'unavailable' | 'unauthorized' | 'internal', message: string): Reply => ({
    ok: false,
    error: { code, message },
  });
  const signedOut = (): Reply => {
    enter('signed-out');
    return failure('unauthorized', `You are signed out of ${label}. Sign in again.`);
  };
  const unreachable = (): Reply =>
    failure('unavailable', `${label} cannot be reached at ${address}. Retrying automatically.`);

  async function answer(name: string, input: unknown): Promise<Reply> {
    const credential = deps.credential();
    if (credential === null) return signedOut();
    let status: number;
    let text: string;
    try {
      const response = await deps.fetch(`${address}/api/${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { ...credentialHeaders(address, credential), 'content-type': 'application/json' },
        body: stringifyExact(input ?? {}),
        signal: ending.signal,
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      log.debug({ err: error, connection: label, call: name.slice(0, 80) }, 'a call did not reach the server');
      return unreachable();
    }
    // Unless it has been signed in to again meanwhile.
    if (status === 401) return credential === deps.credential() ? signedOut() : await answer(name, input);
    const reply = parseReply(text);
    if (reply !== null) return reply;
    if (status >= 500) return unreachable();
    return failure('internal', `${label} sent an unreadable response to ${name.slice(0, 80)} (HTTP ${status}).`);
  }

  /** One connection of the push stream, until it ends or goes silent. Gives the status that it was opened with. */
  async function readStream(signal: AbortSignal, onOpen: () => void, onPush: (envelope: PushEnvelope) => void) {
    const credential = deps.credential();
    if (credential === null) return 401;
    const silence = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const heard = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
    };
    heard();
    try {
      const response = await deps.fetch(`${address}/api/push`, {
        method: 'GET',
        headers: { ...credentialHeaders(address, credential), accept: 'text/event-stream' },
        signal: AbortSignal.any([signal, silence.signal]),
      });
      if (response.status !== 200 || response.body === null) {
        await response.body?.cancel();
        return response.status === 401 && credential !== deps.credential() ? 0 : response.status;
      }
      onOpen();
      for await (const data of readEventStream(response.body, heard)) {
        const envelope = pushEnvelopeSchema.safeParse(parse(data));
        // An unreadable push is as good as a lost one.
        if (envelope.success) onPush(envelope.data);
        else onPush({ seq: Number.NaN, name: 'events.added', value: { items: [] }, dropped: 1 });
      }
      return 200;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    answer,
    phase: () => phase,
    retry() {
      for (const retry of [...retries]) retry();
    },
    connect(send, options) {
      const closing = new AbortController();
      const signal = AbortSignal.any([closing.signal, ending.signal]);
      let seq = 0;
      /** In the server's numbers. */
      let lastSeq: number | null = null;
      let isLossy = options?.wasAway === true;
      let retryMs = firstRetryMs;
      let wasOpen = false;

      const forward = ({ name, value, dropped }: Omit<PushEnvelope, 'seq'>): void => {
        seq += 1;
        send({ seq, name, value, dropped: dropped + (isLossy ? 1 : 0) });
        isLossy = false;
      };
      const isWanted = (name: string): boolean =>
        options?.names === undefined || options.names.some((wanted) => wanted === name);
      const pause = (): Promise<void> =>
        new Promise((resolve) => {
          const go = (): void => {
            clearTimeout(timer);
            retries.delete(go);
            signal.removeEventListener('abort', go);
            resolve();
          };
          // Signed out, it waits for a sign-in.
          const timer = phase === 'signed-out' ? undefined : setTimeout(go, retryMs);
          retries.add(go);
          signal.addEventListener('abort', go);
        });

      async function follow(): Promise<void> {
        while (!signal.aborted) {
          try {
            const status = await readStream(
              signal,
              () => {
                retryMs = firstRetryMs;
                lastSeq = null;
                enter('connected');
                // Pushes were missed: the page fetches what it shows.
                if (wasOpen) isLossy = true;
                wasOpen = true;
                if (isLossy) forward({ name: 'events.added', value: { items: [] }, dropped: 0 });
              },
              (envelope) => {
                if (lastSeq !== null && envelope.seq !== lastSeq + 1) isLossy = true;
                lastSeq = envelope.seq;
                if (isWanted(envelope.name)) forward(envelope);
              },
            );
            if (status === 401) enter('signed-out');
          } catch (error) {
            if (!signal.aborted) log.debug({ err: error, connection: label }, 'the stream of a server ended');
          }
          if (signal.aborted) return;
          if (phase !== 'signed-out') enter(wasOpen ? 'reconnecting' : 'connecting');
          await pause();
          retryMs = Math.min(retryMs * 2, longestRetryMs);
        }
      }
      void follow();
      return { resume: () => undefined, close: () => closing.abort() };
    },
    close: () => ending.abort(),
  };
}
