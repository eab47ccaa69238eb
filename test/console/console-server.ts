import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Counter, Registry } from 'prom-client';
import { type ConsoleServerDeps, startConsoleServer } from '../../electron/console/http/http-server.ts';
import { createPushHub } from '../../electron/console/push/push-hub.ts';
import type { Handlers } from '../../shared/contract/index.ts';
import { capturedLog } from './captured-log.ts';
import { fakeHandlers } from './fake-handlers.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export const token = 'T'.repeat(43);

/** A renderer's build as vite leaves it, beside a file that must never be served. */
export async function sampleRenderer(): Promise<string> {
  const outside = await mkdtemp(join(tmpdir(), 'signalbox-renderer-'));
  const dir = join(outside, 'renderer');
  await mkdir(join(dir, 'assets'), { recursive: true });
  await writeFile(join(outside, 'secret.txt'), 'classified');
  await writeFile(join(dir, 'index.html'), '<!doctype html><title>Signalbox</title>');
  await writeFile(join(dir, 'assets', 'index-4f2a.js'), 'export {};');
  await writeFile(join(dir, '.hidden.js'), 'classified');
  return dir;
}

/** The real console server on a free port, with a client that can misbehave. */
export async function openConsoleServer(given: Partial<Handlers> = {}, changes: Partial<ConsoleServerDeps> = {}) {
  const { log, lines } = capturedLog();
  const pushHub = changes.pushHub ?? createPushHub();
  const registry = new Registry();
  new Counter({ name: 'signalbox_deliveries_total', help: 'Deliveries', registers: [registry] }).inc(3);
  const server = await startConsoleServer({
    host: '127.0.0.1',
    port: 0,
    token,
    handlers: fakeHandlers(given),
    pushHub,
    log,
    version: '0.1.0',
    rendererDir: changes.rendererDir ?? (await sampleRenderer()),
    registry,
    readiness: () => null,
    ...changes,
  });
  const { port } = server;

  function ask(
    method: string,
    path: string,
    headers: Record<string, string | string[]> = {},
    body?: string,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** Sends bytes as they are and gives everything that comes back until the server closes. */
  function raw(text: string, onConnect = (): void => {}): Promise<string> {
    return new Promise((resolve, reject) => {
      let got = '';
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(text);
        onConnect();
      });
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => {
        got += chunk;
      });
      socket.on('close', () => resolve(got));
      socket.on('error', reject);
    });
  }

  const bearer = { Authorization: `Bearer ${token}` };
  const call = (name: string, input: unknown, headers: Record<string, string> = bearer): Promise<Answer> =>
    ask('POST', `/api/${name}`, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(input));

  /** Signs in as the page does and gives the headers a browser would send from then on. */
  async function signIn(): Promise<Record<string, string>> {
    const origin = { Origin: server.url, 'Sec-Fetch-Site': 'same-origin' };
    const answer = await ask(
      'POST',
      '/session',
      { ...origin, 'Content-Type': 'application/json' },
      JSON.stringify({ token }),
    );
    const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    return { ...origin, Cookie: cookie };
  }

  return { server, port, pushHub, lines, ask, raw, call, bearer, signIn };
}

export interface PushFeed {
  status: number;
  text(): string;
  envelopes(): unknown[];
  ended: Promise<void>;
  stop(): void;
}

/** Reads the push stream of a console. */
export function openFeed(port: number, headers: Record<string, string>): Promise<PushFeed> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/api/push', headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      const ended = new Promise<void>((done) => response.on('close', () => done()));
      resolve({
        status: response.statusCode ?? 0,
        text: () => text,
        envelopes: () => [...text.matchAll(/^data: (.+)$/gm)].map((match): unknown => JSON.parse(match[1] ?? 'null')),
        ended,
        stop: () => response.destroy(),
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
