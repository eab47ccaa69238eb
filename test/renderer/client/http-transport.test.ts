// The renderer itself is compiled without Node; this test is the other side.
/// <reference types="node" />
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient } from '../../../renderer/client/client.ts';
import { httpTransport, type PushStream } from '../../../renderer/client/http-transport.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import { eventually } from '../../support/eventually.ts';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void;

async function serve(answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => answer(request, body, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { port } = addressOf(server.address());
  return `http://127.0.0.1:${port}`;
}

function addressOf(address: ReturnType<ReturnType<typeof createServer>['address']>): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address;
}

/** A browser's EventSource as far as it is used, over a real connection. */
function fetchStream(url: string): PushStream {
  const abort = new AbortController();
  const stream: PushStream = { onopen: null, onerror: null, onmessage: null, close: () => abort.abort() };
  const run = async (): Promise<void> => {
    try {
      const response = await fetch(url, { signal: abort.signal });
      if (!response.ok || response.body === null) throw new Error(String(response.status));
      stream.onopen?.(new Event('open'));
      let text = '';
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
          const line = text.slice(0, end);
          text = text.slice(end + 2);
          if (line.startsWith('data: ')) stream.onmessage?.(new MessageEvent('message', { data: line.slice(6) }));
        }
      }
      throw new Error('ended');
    } catch {
      if (!abort.signal.aborted) stream.onerror?.(new Event('error'));
    }
  };
  void run();
  return stream;
}

const status = {
  version: '1',
  mode: 'headless',
  startedAt: '2026-11-21T00:00:00.000Z',
  dataDir: '/data',
  profile: null,
  phase: 'running',
  receiver: {
    url: 'http://127.0.0.1:8787',
    accepting: true,
    host: '127.0.0.1',
    port: 8787,
    setBy: 'default',
    problem: null,
  },
  consoleUrl: null,
  config: null,
  events: { total: 1, perMinute: 0 },
  runs: { waiting: 0, running: 0, inbox: 0 },
  index: { behind: 0 },
  databaseBytes: 1,
  alerts: [],
};

function fakeVisibility() {
  const listeners = new Set<() => void>();
  let isHidden = false;
  return {
    isHidden: () => isHidden,
    onChange(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    set(hidden: boolean) {
      isHidden = hidden;
      for (const listener of listeners) listener();
    },
  };
}

function clientOf(base: string, visibility = fakeVisibility()) {
  const client = createClient(
    httpTransport({ base, openStream: fetchStream, retryMs: 5, visibility, hiddenGraceMs: 20 }),
  );
  const phases: string[] = [];
  let gaps = 0;
  client.onPhase((phase) => phases.push(phase));
  client.onGap(() => {
    gaps += 1;
  });
  return { client, phases, gaps: () => gaps, start: () => cleanups.push(client.start()) };
}

const failure = async (promise: Promise<unknown>): Promise<AppError> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it should have failed');
};

describe('calls over HTTP', () => {
  test('post JSON with the header that other sites cannot send, and give the value', async () => {
    const seen: unknown[] = [];
    const base = await serve((request, body, response) => {
      seen.push([request.method, request.url, request.headers['x-signalbox'], JSON.parse(body)]);
      response.end(JSON.stringify({ ok: true, value: { items: [] } }));
    });
    const { client } = clientOf(base);
    expect(await client.call('events.types', { source: 'shop' })).toEqual({ items: [] });
    expect(seen).toEqual([['POST', '/api/events.types', '1', { source: 'shop' }]]);
  });

  test("throw the app's own error with its code and details", async () => {
    const error = {
      code: 'stale_version',
      message: 'Changed meanwhile.',
      details: [{ path: ['version'], message: 'is 3' }],
    };
    const base = await serve((_request, _body, response) => {
      response.statusCode = 409;
      response.end(JSON.stringify({ ok: false, error }));
    });
    const caught = await failure(clientOf(base).client.call('app.status', {}));
    expect([caught.code, caught.message, caught.details]).toEqual([error.code, error.message, error.details]);
  });

  test('are refused when the answer is not what the contract says', async () => {
    const base = await serve((_request, _body, response) => {
      response.end(JSON.stringify({ ok: true, value: { items: 'none' } }));
    });
    const caught = await failure(clientOf(base).client.call('sources.list', {}));
    expect(caught.code).toBe('internal');
    expect(caught.message).toContain('items');
  });

  test('say that the app cannot be reached when nobody listens or a proxy answers for it', async () => {
    const base = await serve((_request, _body, response) => {
      response.statusCode = 502;
      response.end('<html>Bad Gateway</html>');
    });
    expect((await failure(clientOf(base).client.call('app.status', {}))).code).toBe('unavailable');
    const nobody = clientOf('http://127.0.0.1:1').client;
    expect((await failure(nobody.call('app.status', {}))).code).toBe('unavailable');
  });
});

describe('pushes over HTTP', () => {
  test('arrive typed, and a hole, dropped rows or a new connection is a gap', async () => {
    const streams: ServerResponse[] = [];
    const base = await serve((request, _body, response) => {
      if (request.url !== '/api/push') {
        response.end(JSON.stringify({ ok: true, value: status }));
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(':\n\n');
      streams.push(response);
    });
    const { client, phases, gaps, start } = clientOf(base);
    const got: number[] = [];
    client.onPush('app.statusChanged', (value) => got.push(value.events.total));
    start();
    const send = (seq: number, total: number, dropped = 0): void => {
      const value = { ...status, events: { total, perMinute: 0 } };
      streams.at(-1)?.write(`data: ${JSON.stringify({ seq, name: 'app.statusChanged', value, dropped })}\n\n`);
    };
    await eventually(() => expect(phases.at(-1)).toBe('connected'));
    send(7, 1);
    send(8, 2);
    await eventually(() => expect(got).toEqual([1, 2]));
    expect(gaps()).toBe(0);
    send(10, 3);
    await eventually(() => expect(gaps()).toBe(1));
    send(11, 4, 25);
    await eventually(() => expect(gaps()).toBe(2));
    streams.at(-1)?.destroy();
    await eventually(() => expect(streams).toHaveLength(2));
    await eventually(() => expect(phases.at(-1)).toBe('connected'));
    expect(phases).toContain('reconnecting');
    expect(gaps()).toBe(3);
    send(1, 5);
    await eventually(() => expect(got).toEqual([1, 2, 3, 4, 5]));
    expect(gaps()).toBe(3);
  });

  test('wait for a sign-in without a session, and come after it', async () => {
    let isSignedIn = false;
    const base = await serve((request, body, response) => {
      if (request.url === '/session') {
        isSignedIn = JSON.parse(body).token === 'secret';
        response.statusCode = isSignedIn ? 200 : 401;
        response.end(isSignedIn ? '{"ok":true,"value":{}}' : 'no');
      } else if (!isSignedIn) {
        response.statusCode = 401;
        response.end(JSON.stringify({ ok: false, error: { code: 'unauthorized', message: 'Sign in.' } }));
      } else if (request.url === '/api/push') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(':\n\n');
      } else response.end(JSON.stringify({ ok: true, value: status }));
    });
    const { client, phases, start } = clientOf(base);
    start();
    await eventually(() => expect(phases.at(-1)).toBe('signed-out'));
    if (client.signIn === null) throw new Error('HTTP signs in');
    expect((await failure(client.signIn('guess'))).code).toBe('unauthorized');
    await client.signIn('secret');
    await eventually(() => expect(phases.at(-1)).toBe('connected'));
  });

  test('end while the page is hidden, and come again with a gap when it is shown', async () => {
    const open = new Set<ServerResponse>();
    let opened = 0;
    const base = await serve((request, _body, response) => {
      if (request.url !== '/api/push') {
        response.end(JSON.stringify({ ok: true, value: status }));
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(':\n\n');
      opened += 1;
      open.add(response);
      response.on('close', () => open.delete(response));
    });
    const visibility = fakeVisibility();
    const { phases, gaps, start } = clientOf(base, visibility);
    start();
    await eventually(() => expect(phases.at(-1)).toBe('connected'));
    // Back within a moment: nothing happens.
    visibility.set(true);
    visibility.set(false);
    visibility.set(true);
    await eventually(() => expect(open.size).toBe(0));
    expect(opened).toBe(1);
    expect(phases.at(-1)).toBe('connected');
    visibility.set(false);
    await eventually(() => expect(gaps()).toBe(1));
    expect(open.size).toBe(1);
    expect(phases.filter((phase) => phase === 'reconnecting')).toEqual([]);
  });
});
