import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { printFingerprint } from '../../electron/desktop/connections/fingerprint.ts';
import { openSavedConnections } from '../../electron/desktop/connections/saved-connections.ts';
import { isLoopbackHost, parseServerAddress } from '../../electron/desktop/connections/server-address.ts';
import { createServerLine } from '../../electron/desktop/connections/server-line.ts';
import type { SecretBox } from '../../electron/runtime/runtime-types.ts';
import type { LinePhase } from '../../shared/contract/desktop.ts';
import type { PushEnvelope } from '../../shared/contract/pushes.ts';
import { capturedLog } from '../console/captured-log.ts';

describe('the address of a server', () => {
  it.each([
    ['ops.example.com', 'https://ops.example.com'],
    ['https://ops.example.com/', 'https://ops.example.com'],
    ['https://example.com/signalbox/', 'https://example.com/signalbox'],
    ['https://ops.example.com/?code=secret#/inbox', 'https://ops.example.com'],
    ['http://ops.example.com:8788', 'http://ops.example.com:8788'],
    ['localhost:8788', 'http://localhost:8788'],
    ['127.0.0.1:443', 'http://127.0.0.1:443'],
    ['[::1]:8788', 'http://[::1]:8788'],
  ])('%s is kept as %s', (typed, kept) => {
    expect(parseServerAddress(typed)).toBe(kept);
  });

  it.each(['', 'ftp://example.com', 'https://name:word@example.com', 'javascript://x', 'https://'])(
    '%j is refused',
    (typed) => {
      expect(() => parseServerAddress(typed)).toThrow(/https:\/\/ops\.example\.com/);
    },
  );

  it('stays on this computer only for loopback', () => {
    expect(['localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]'].every(isLoopbackHost)).toBe(true);
    expect(['localhost.example.com', '127.0.0.1.example.com', '10.0.0.1', '[::]'].some(isLoopbackHost)).toBe(false);
  });
});

it('prints a fingerprint as others do', () => {
  const digest = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  expect(printFingerprint(`sha256/${digest.toString('base64')}`)).toMatch(/^00:01:02:.*:1E:1F$/);
  expect(printFingerprint('sha1/abc')).toBeNull();
});

describe('saved connections', () => {
  const connection = {
    name: 'Ops',
    address: 'https://ops.example.com',
    color: 'blue',
    fingerprint: null,
    notify: false,
  } as const;
  /** Stands for a keychain, which a test has none of. */
  const boxOf = (key: number): SecretBox => ({
    encrypt: (text) => Buffer.from(Buffer.from(text).map((byte) => byte ^ key)),
    decrypt(bytes) {
      const text = Buffer.from(bytes.map((byte) => byte ^ key)).toString();
      if (!text.startsWith('{')) throw new Error('another key');
      return text;
    },
  });

  function setUp() {
    const dir = mkdtempSync(join(tmpdir(), 'signalbox-connections-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const file = join(dir, 'connections.json');
    const open = (box?: SecretBox) => openSavedConnections({ file, secretBox: () => box, log: capturedLog().log });
    return { file, open, written: () => vi.waitFor(() => readFileSync(file, 'utf8')) };
  }

  it('outlive the app with their tokens, of which the disk has only what the keychain sealed', async () => {
    const { file, open, written } = setUp();
    const saved = open(boxOf(7));
    const id = saved.add(connection, { token: 'token-of-ada' });
    saved.setCurrent(id);
    await vi.waitFor(async () => expect(await written()).toContain(`"current": "${id}"`));
    expect(readFileSync(file, 'utf8')).not.toContain('token-of-ada');
    expect(statSync(file).mode & 0o077).toBe(0);
    const again = open(boxOf(7));
    expect(again.current()).toBe(id);
    expect(again.get(id)).toMatchObject(connection);
    expect(again.credential(id)).toEqual({ token: 'token-of-ada' });
  });

  it('have to be signed in to again with another keychain', async () => {
    const { open, written } = setUp();
    const id = open(boxOf(7)).add(connection, { token: 'token-of-ada' });
    await written();
    const again = open(boxOf(9));
    expect(again.credential(id)).toBeNull();
    expect(again.hasCredential(id)).toBe(false);
    again.setCredential(id, { cookie: 'signalbox=1' });
    expect(again.credential(id)).toEqual({ cookie: 'signalbox=1' });
  });

  it('keep a token in memory alone where there is no keychain', async () => {
    const { open, written } = setUp();
    const saved = open();
    const id = saved.add(connection, { token: 'token-of-ada' });
    expect(saved.credential(id)).toEqual({ token: 'token-of-ada' });
    expect(await written()).not.toContain('token-of-ada');
    const again = open();
    expect(again.list()).toHaveLength(1);
    expect(again.hasCredential(id)).toBe(false);
  });

  it('are forgotten with what they held', async () => {
    const { open, written } = setUp();
    const saved = open(boxOf(7));
    const id = saved.add(connection, { token: 'token-of-ada' });
    saved.setCurrent(id);
    saved.remove(id);
    expect([saved.current(), saved.list(), saved.credential(id)]).toEqual([null, [], null]);
    await vi.waitFor(async () => expect(await written()).toContain('"connections": []'));
  });
});

describe('the line to a server', () => {
  const token = 'token-of-ada';

  /** Speaks as a console does; streams are written to by the test. */
  async function setUp() {
    const streams: ServerResponse[] = [];
    const asked: string[] = [];
    let valid = token;
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.headers.authorization !== `Bearer ${valid}`) {
        response.writeHead(401).end('{"ok":false,"error":{"code":"unauthorized","message":"no"}}');
      } else if (request.url === '/base/api/push') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 2000\n\n');
        streams.push(response);
      } else if (request.url === '/base/api/echo') {
        let body = '';
        request.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        request.on('end', () => response.end(`{"ok":true,"value":${body}}`));
      } else response.writeHead(502).end('<html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    let held: { token: string } | null = { token };
    const phases: LinePhase[] = [];
    const line = createServerLine({
      name: 'Ops',
      address: `http://127.0.0.1:${address.port}/base`,
      fetch,
      credential: () => held,
      onPhase: (phase) => phases.push(phase),
      log: capturedLog().log,
      retryMs: 5,
    });
    onTestFinished(() => {
      line.close();
      server.closeAllConnections();
      server.close();
    });
    const received: PushEnvelope[] = [];
    return {
      line,
      phases,
      streams,
      asked,
      received,
      connect: (options = {}) => line.connect((envelope) => received.push(envelope) > 0, options),
      setToken: (next: string | null) => {
        held = next === null ? null : { token: next };
      },
      setValid: (next: string) => {
        valid = next;
      },
    };
  }

  const push = (seq: number, name = 'runs.changed', dropped = 0) =>
    `id: ${seq}\ndata: ${JSON.stringify({ seq, name, value: { items: [seq] }, dropped })}\n\n`;

  it('carries calls with every digit', async () => {
    const { line } = await setUp();
    const reply = await line.answer('echo', { n: new String('12345678901234567890') });
    expect(reply.ok && String(Reflect.get(Object(reply.value), 'n'))).toBe('12345678901234567890');
  });

  it('says so when the server has no sensible answer, or none', async () => {
    const { line } = await setUp();
    expect(await line.answer('other', {})).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    // A name leads nowhere but below /api.
    expect(await line.answer('../../echo', {})).toMatchObject({ ok: false });
  });

  it('carries pushes in one sequence, and tells of what was lost between two streams', async () => {
    const { connect, streams, received, phases } = await setUp();
    connect();
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    const text = push(1) + push(2);
    // In pieces, as a network may bring it.
    streams[0]?.write(text.slice(0, 25));
    streams[0]?.write(text.slice(25));
    await vi.waitFor(() => expect(received).toHaveLength(2));
    expect(received.map(({ seq, dropped }) => [seq, dropped])).toEqual([
      [1, 0],
      [2, 0],
    ]);
    streams[0]?.write(push(5));
    await vi.waitFor(() => expect(received.at(-1)).toMatchObject({ seq: 3, dropped: 1 }));
    streams[0]?.destroy();
    await vi.waitFor(() => expect(streams).toHaveLength(2));
    await vi.waitFor(() => expect(received.at(-1)).toMatchObject({ seq: 4, dropped: 1, value: { items: [] } }));
    streams[1]?.write(push(1));
    await vi.waitFor(() => expect(received.at(-1)).toMatchObject({ seq: 5, dropped: 0 }));
    expect(phases).toEqual(['connected', 'reconnecting', 'connected']);
  });

  it('carries the pushes that were asked for alone, and says that others were missed while away', async () => {
    const { connect, streams, received } = await setUp();
    connect({ names: ['runs.changed'], wasAway: true });
    await vi.waitFor(() => expect(received).toMatchObject([{ seq: 1, dropped: 1 }]));
    streams[0]?.write(push(1, 'events.added') + push(2));
    await vi.waitFor(() => expect(received).toHaveLength(2));
    expect(received.at(-1)).toMatchObject({ seq: 2, name: 'runs.changed', dropped: 0 });
  });

  it('waits for a sign-in once the token is refused, and goes on after it', async () => {
    const { line, connect, streams, phases, asked, setValid, setToken } = await setUp();
    setValid('token-new');
    connect();
    await vi.waitFor(() => expect(phases).toEqual(['signed-out']));
    expect(await line.answer('echo', {})).toMatchObject({ error: { code: 'unauthorized' } });
    const before = asked.length;
    setToken('token-new');
    line.retry();
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    expect(phases).toEqual(['signed-out', 'connected']);
    expect(asked.length).toBe(before + 1);
  });

  it('asks nothing without a token', async () => {
    const { line, asked, setToken } = await setUp();
    setToken(null);
    expect(await line.answer('echo', {})).toMatchObject({ error: { code: 'unauthorized' } });
    expect(asked).toEqual([]);
  });
});
