import { AppError } from '../../shared/contract/errors.ts';
import { pushEnvelopeSchema } from '../../shared/contract/pushes.ts';
import { parseReply, type Reply } from '../../shared/contract/reply.ts';
import { parseExact } from '../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../shared/exact-json/stringify-exact.ts';
import { createSession } from './session.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** The part of EventSource that is used, so that tests on Node can bring their own. */
export interface PushStream {
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

/** Whether the page can be seen; a hidden tab or window is sent nothing. */
export interface PageVisibility {
  isHidden(): boolean;
  /** Gives the way to stop listening. */
  onChange(listener: () => void): () => void;
}

export interface HttpTransportOptions {
  /** Origin and path before `/api`; empty for the page's own. */
  base?: string;
  fetch?: typeof fetch;
  openStream?: (url: string) => PushStream;
  /** First wait before the push stream is opened again; doubles up to 10 s. */
  retryMs?: number;
  visibility?: PageVisibility;
  /** How long a page stays connected after it was hidden: changing tabs for a moment is no reason to fetch again. */
  hiddenGraceMs?: number;
}

const documentVisibility: PageVisibility = {
  isHidden: () => document.hidden,
  onChange(listener) {
    document.addEventListener('visibilitychange', listener);
    return () => document.removeEventListener('visibilitychange', listener);
  },
};

const headers = { 'content-type': 'application/json', 'x-signalbox': '1' };

const parseText = (text: string): unknown => {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
};

const unreachable = () =>
  new AppError('unavailable', 'Signalbox cannot be reached. Is it running? Retrying automatically.');

export function httpTransport(options: HttpTransportOptions = {}): Transport {
  const base = options.base ?? '';
  const doFetch = options.fetch ?? ((input, init) => fetch(input, init));
  const openStream = options.openStream ?? ((url) => new EventSource(url));
  const firstRetryMs = options.retryMs ?? 500;
  const visibility = options.visibility ?? documentVisibility;
  const hiddenGraceMs = options.hiddenGraceMs ?? 5000;

  let listening: TransportEvents | null = null;
  let stream: PushStream | null = null;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let wasOpen = false;
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  let isPaused = false;

  const send = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Response> => {
    try {
      return await doFetch(`${base}${path}`, {
        method,
        credentials: 'same-origin',
        headers,
        ...(body === undefined ? {} : { body: stringifyExact(body) }),
      });
    } catch {
      throw unreachable();
    }
  };
  const post = (path: string, body: unknown): Promise<Response> => send('POST', path, body);

  const signedOut = (): void => {
    clearTimeout(retryTimer);
    stream?.close();
    stream = null;
    listening?.phase('signed-out');
  };

  const request = async (name: string, input: unknown): Promise<Reply> => {
    const response = await post(`/api/${name}`, input);
    if (response.status === 401) {
      signedOut();
      return { ok: false, error: { code: 'unauthorized', message: 'The session has ended. Sign in again.' } };
    }
    const reply = parseReply(await response.text().catch(() => ''));
    if (reply !== null) return reply;
    if (response.status >= 500) throw unreachable();
    throw new AppError('internal', `The response to ${name} cannot be read (HTTP ${response.status}).`);
  };

  const connect = (): void => {
    const events = listening;
    if (events === null || isPaused) return;
    const opened = openStream(`${base}/api/push`);
    stream = opened;
    opened.onopen = () => {
      retryMs = firstRetryMs;
      events.phase('connected');
      if (wasOpen) events.reconnected();
      wasOpen = true;
    };
    opened.onmessage = (message) => {
      const envelope = pushEnvelopeSchema.safeParse(parseText(String(message.data)));
      if (envelope.success) events.push(envelope.data);
      else events.reconnected();
    };
    opened.onerror = () => {
      // EventSource does not tell 401 from a dead line and gives up for good on the first, so the next try is
      // ours, after a call that can tell.
      opened.close();
      if (stream !== opened) return;
      stream = null;
      events.phase(wasOpen ? 'reconnecting' : 'connecting');
      retryTimer = setTimeout(() => void probe(), retryMs);
      retryMs = Math.min(retryMs * 2, 10_000);
    };
  };

  const probe = async (): Promise<void> => {
    if (isPaused) return;
    try {
      const reply = await request('app.status', {});
      if (!reply.ok && reply.error.code === 'unauthorized') return;
    } catch {
      retryTimer = setTimeout(() => void probe(), retryMs);
      retryMs = Math.min(retryMs * 2, 10_000);
      return;
    }
    if (listening !== null && stream === null) connect();
  };

  const pause = (): void => {
    isPaused = true;
    clearTimeout(retryTimer);
    stream?.close();
    stream = null;
  };

  /** A hidden page is sent nothing, so that it renders nothing; shown again, it fetches what it shows. */
  const followVisibility = (): void => {
    clearTimeout(hiddenTimer);
    if (visibility.isHidden()) hiddenTimer = setTimeout(pause, hiddenGraceMs);
    else if (isPaused) {
      isPaused = false;
      retryMs = firstRetryMs;
      if (stream === null) connect();
    }
  };

  const afterSignIn = (): void => {
    if (listening !== null && stream === null) connect();
  };

  return {
    kind: 'http',
    session: createSession(send, afterSignIn),
    request,
    async signIn(token) {
      const response = await post('/session', { token });
      if (!response.ok) {
        const reply = parseReply(await response.text().catch(() => ''));
        if (reply?.ok === false) throw new AppError(reply.error.code, reply.error.message);
        throw response.status === 401
          ? new AppError('unauthorized', 'This is not the console token.')
          : new AppError('unavailable', `Sign-in failed (HTTP ${response.status}).`);
      }
      afterSignIn();
    },
    listen(events) {
      listening = events;
      events.phase('connecting');
      void probe();
      followVisibility();
      const stopFollowing = visibility.onChange(followVisibility);
      return () => {
        listening = null;
        stopFollowing();
        clearTimeout(hiddenTimer);
        clearTimeout(retryTimer);
        stream?.close();
        stream = null;
      };
    },
  };
}
