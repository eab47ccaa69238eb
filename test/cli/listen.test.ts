import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { ask } from '../process/http.ts';
import { makePlace, type Signalbox, startSignalbox } from '../process/signalbox.ts';
import { jsonLines, runCommand, startCommand } from './run-signalbox.ts';

const config = `version: 1
sources:
  - { slug: crm, preset: generic, event: { type: $.event } }
  - { slug: raw, preset: generic, event: { type: { const: file } }, methods: [POST, PUT] }
`;

const place = makePlace();
let box: Signalbox;
let here: string[];

beforeAll(async () => {
  box = await startSignalbox({ dataDir: place.dataDir, config });
  here = ['--data-dir', place.dataDir];
});

afterAll(async () => {
  await box.end();
  place.remove();
});

interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: Buffer;
}

/** A server of a developer, which answers with 201, or 500 to what has `boom` in it. */
async function localServer(): Promise<{ port: number; received: Received[]; close(): void }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const { method = '', url = '', headers, rawHeaders } = request;
    received.push({ method, url, headers, rawHeaders, body });
    response.statusCode = body.includes('boom') ? 500 : 201;
    response.end('ok');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  onTestFinished(() => void server.close());
  return { port, received, close: () => server.close() };
}

it('sends deliveries on as they were received, in their order, and shows each response', async () => {
  const local = await localServer();
  await box.accept('crm', { event: 'before' });
  const listening = startCommand(['listen', String(local.port), '--source', 'raw', ...here]);
  await listening.printed(/^Forwarding deliveries of raw /, 'stderr');
  const put = (body: Buffer, type = 'text/plain; charset=windows-1252') =>
    ask(`${box.receiverUrl}/in/raw/files/1?a=b&c=%20d`, {
      method: 'PUT',
      body,
      headers: { 'content-type': type, 'x-Custom': 'One', 'x-other': 'two' },
    });
  const bodies = [Buffer.from([0x7b, 0xe9, 0xff, 0x80, 0x0d, 0x0a]), Buffer.from('\ufeff{"with": "a mark"}')];
  expect((await put(bodies[0] ?? Buffer.alloc(0))).status).toBe(202);
  expect((await put(bodies[1] ?? Buffer.alloc(0), 'application/json')).status).toBe(202);
  expect((await put(Buffer.from('boom'))).status).toBe(202);
  await box.accept('crm', { event: 'of another source' });
  await listening.printed(/"status":500/);
  listening.child.kill('SIGINT');
  const { code, stdout } = await listening.ended;
  expect(code).toBe(0);
  const [one] = local.received;
  expect(one).toMatchObject({ method: 'PUT', url: '/files/1?a=b&c=%20d' });
  expect(local.received.slice(0, 2).map(({ body }) => body)).toEqual(bodies);
  expect(one?.headers).toMatchObject({
    host: `127.0.0.1:${local.port}`,
    'content-type': 'text/plain; charset=windows-1252',
    'x-custom': 'One',
    'x-other': 'two',
  });
  expect(local.received.at(-1)?.body.toString()).toBe('boom');
  const lines = jsonLines(stdout);
  expect(lines).toHaveLength(local.received.length);
  expect(lines.at(-1)).toMatchObject({
    source: 'raw',
    status: 500,
    ms: expect.any(Number),
    error: null,
    isMasked: false,
  });
});

it('filters by events, and goes on when the local server is not there', async () => {
  const local = await localServer();
  local.close();
  const listening = startCommand([
    'listen',
    `http://127.0.0.1:${local.port}/hooks`,
    '--filter',
    'type:order.*',
    ...here,
  ]);
  await listening.printed(/^Forwarding/, 'stderr');
  await box.accept('crm', { event: 'other' });
  await box.accept('crm', { event: 'order.paid' });
  await listening.printed(/ECONNREFUSED/);
  listening.child.kill('SIGINT');
  const { code, stdout } = await listening.ended;
  expect(code).toBe(0);
  expect(jsonLines(stdout)[0]).toMatchObject({
    source: 'crm',
    status: null,
    error: expect.stringContaining('ECONNREFUSED'),
  });
});

it('refuses a target that is neither a port nor a URL', async () => {
  expect((await runCommand(['listen', 'nowhere', ...here])).code).toBe(2);
  expect((await runCommand(['listen', '3000', '--source', 'nobody', ...here])).code).toBe(5);
});
