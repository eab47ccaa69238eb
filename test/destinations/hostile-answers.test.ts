import { createServer, type Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpJobSpec } from '../../shared/contract/jobs.ts';
import { defined, openRunner } from '../jobs/open-runner.ts';
import { receivingServer } from './receiving-server.ts';

const httpJob = (slug: string, url: string, more: Partial<HttpJobSpec> = {}) =>
  defined({ slug, kind: 'http', url, allowPrivate: true, retries: 'none', ...more });

const parsed = (text: string | null) => JSON.parse(text ?? 'null');

/** Bytes in answer to each request, whatever they are; the connection is the test's to close. */
async function socketServer(onRequest: (socket: Socket, count: number) => void): Promise<string> {
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      if (data.includes('HTTP/1.1\r\n')) onRequest(socket, ++count);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook`;
}

async function outcomeOf(url: string, more: Partial<HttpJobSpec> = {}) {
  const app = openRunner([httpJob('erp', url, more)], { secrets: { key: 'hunter22' } });
  await app.runner.start();
  const row = await app.ended(await app.post('erp'));
  return { row, outcome: parsed(row.outcome) };
}

describe('answers that are compressed', () => {
  const keyed = { headers: { 'X-Key': '{secret:KEY}' }, secrets: { KEY: { secret: 'key' } } };

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('are shown as text, secrets masked: %s', async (encoding, compress) => {
    const server = await receivingServer((request, response) => {
      response.setHeader('content-encoding', encoding);
      response.end(compress(`key was ${String(request.headers['x-key'])}`));
    });
    const { outcome } = await outcomeOf(server.url, keyed);
    expect(outcome).toMatchObject({ status: 200, body: 'key was ***' });
  });

  it('are read no further than others, and shown as bytes when they are broken', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'x'));
    const server = await receivingServer((request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(request.url === '/broken' ? Buffer.from([0, 1, 255]) : bomb);
    });
    expect((await outcomeOf(server.url)).outcome).toMatchObject({ truncated: true, body: 'x'.repeat(64 * 1024) });
    const broken = await outcomeOf(server.url.replace('/hook', '/broken'));
    expect(broken.row.state).toBe('completed');
    expect(broken.outcome).toMatchObject({ encoding: 'base64', body: 'AAH/' });
  });
});

describe('answers that are none', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['another protocol with HTTP in it', 'HTTP/9 ok\r\n\r\n'],
    ['a header that is none', 'HTTP/1.1 200 OK\r\nno header\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  ])('say so: %s', async (_what, text) => {
    const url = await socketServer((socket) => socket.write(text));
    const { row } = await outcomeOf(url);
    expect(row).toMatchObject({ state: 'failed', reason: 'connection' });
    expect(row.error).toContain('does not speak HTTP');
  });

  it('fail when they are cut short, and when they never end', async () => {
    const cut = await socketServer((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab');
    });
    const short = await outcomeOf(cut);
    expect(short.row).toMatchObject({ state: 'failed', reason: 'connection' });
    expect(short.row.error).toContain('closed before');
    const drip = await socketServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const timer = setInterval(() => socket.write('1\r\nx\r\n'), 10);
      socket.on('close', () => clearInterval(timer));
    });
    expect((await outcomeOf(drip, { timeout: '300ms' })).row).toMatchObject({ state: 'failed', reason: 'timeout' });
  });

  it('fail at a change of protocol', async () => {
    const url = await socketServer((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
    });
    expect((await outcomeOf(url, { timeout: '60s' })).row).toMatchObject({ state: 'failed', reason: 'connection' });
  });
});

it('sends again on a new connection when all idle ones have been closed by the destination', async () => {
  // Every connection takes two requests at once, one each, and is reset at its second.
  const seen = new Map<Socket, number>();
  const waiting: Socket[] = [];
  const url = await socketServer((socket) => {
    const nth = (seen.get(socket) ?? 0) + 1;
    seen.set(socket, nth);
    if (nth > 1) return socket.resetAndDestroy();
    if (seen.size > 2) return socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    waiting.push(socket);
    if (waiting.length === 2) for (const one of waiting) one.write('HTTP/1.1 204 No Content\r\n\r\n');
  });
  const app = openRunner([httpJob('erp', url, { concurrency: 2 })]);
  await app.runner.start();
  for (const id of await app.postMany('erp', [{}, {}]))
    expect(await app.ended(id)).toMatchObject({ state: 'completed' });
  expect(await app.ended(await app.post('erp'))).toMatchObject({ state: 'completed', error: null });
});
