import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { proxyOf, refuseBehindProxy, refusedByProxy, tunnelAgent } from './environment-proxy.ts';
import { createLookup, literalOf, type Reach, RefusedAddressError, refuseAddress } from './outgoing-address.ts';
import { readAnswerStart } from './read-answer.ts';

/** Connections to one destination, kept open between requests. */
export interface Connections {
  reach: Reach;
  http: HttpAgent;
  https: HttpsAgent;
  /** Connections that are used once. */
  fresh: { http: HttpAgent; https: HttpsAgent };
  /** Through a proxy of the environment. */
  tunnel(proxy: URL): HttpAgent;
  tls: { ca?: string | undefined; cert?: string | undefined; key?: string | undefined; minVersion: 'TLSv1.2' };
  close(): void;
}

export interface ConnectionOptions {
  reach: Reach;
  maxSockets: number;
  /** PEM. */
  ca?: string | undefined;
  certificate?: string | undefined;
  key?: string | undefined;
  /** In place of the guarded look-up. */
  lookup?: ReturnType<typeof createLookup>;
}

/** Idle connections are closed before most servers do it, which would cost a request its first try. */
const idleMs = 4000;

export function openConnections({ reach, maxSockets, ca, certificate, key, lookup }: ConnectionOptions): Connections {
  const common = {
    keepAlive: true,
    maxSockets,
    maxFreeSockets: maxSockets,
    timeout: idleMs,
    lookup: lookup ?? createLookup(reach),
  };
  const http = new HttpAgent(common);
  const tls = { ca, cert: certificate, key, minVersion: 'TLSv1.2' } as const;
  const https = new HttpsAgent({ ...common, ...tls });
  const once = { ...common, keepAlive: false };
  const fresh = { http: new HttpAgent(once), https: new HttpsAgent({ ...once, ...tls }) };
  const tunnels = new Map<string, HttpAgent>();
  return {
    reach,
    http,
    https,
    fresh,
    tls,
    tunnel(proxy) {
      let agent = tunnels.get(proxy.href);
      if (agent === undefined) {
        agent = tunnelAgent(proxy, { keepAlive: true, maxSockets, timeout: idleMs });
        tunnels.set(proxy.href, agent);
      }
      return agent;
    },
    close() {
      for (const agent of [http, https, fresh.http, fresh.https, ...tunnels.values()]) agent.destroy();
    },
  };
}

export interface OutgoingRequest {
  url: URL;
  method: string;
  /** In this order, names as they are to be written. */
  headers: readonly (readonly [string, string])[];
  body: Buffer;
  /** Names in lower case of headers that are for the named address alone, beside those that always are. */
  secretHeaders?: ReadonlySet<string> | undefined;
  /** How many redirects may still be followed. */
  redirects: number;
  /** Of the answer's body; the rest is not read. */
  maxBytes: number;
  signal: AbortSignal;
}

/** Milliseconds each step took; null: it was not needed, as the connection was open already. */
export interface AnswerTiming {
  dnsMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  /** From the sent request to the first byte of the answer. */
  firstByteMs: number;
  totalMs: number;
}

export interface Answer {
  url: string;
  /** Of the machine that answered; of the proxy, where there is one. */
  address: string;
  status: number;
  headers: [string, string][];
  body: Buffer;
  isTruncated: boolean;
  timing: AnswerTiming;
}

/** It leads where no request may go. */
export class RefusedRequestError extends Error {}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const sensitive = new Set(['authorization', 'cookie', 'host', 'proxy-authorization']);

/**
 * Sends a request and reads its answer. Addresses are judged when the connection is made: literal IP addresses before, those
 * of a name by what it leads to then, and in any case the one that was connected to. Where the environment names a proxy, that
 * connects, and names are judged before. Rejects with an Error for people.
 */
export async function sendRequest(connections: Connections, wanted: OutgoingRequest): Promise<Answer> {
  refuseTarget(wanted.url, connections.reach);
  const proxy = proxyOf(wanted.url);
  if (proxy !== null) await refuseBehindProxy(wanted.url, connections.reach);
  const answer = await sendOnce(connections, wanted, proxy);
  const location = answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  if (!redirectStatuses.has(answer.status) || location === undefined || wanted.redirects === 0) return answer;
  return await sendRequest(connections, redirected(wanted, answer.status, location));
}

function redirected(wanted: OutgoingRequest, status: number, location: string): OutgoingRequest {
  if (!URL.canParse(location, wanted.url.href))
    throw new RefusedRequestError(`it redirects to ${location}, which is not an address`);
  const url = new URL(location, wanted.url);
  if (url.protocol !== 'https:' && url.protocol !== wanted.url.protocol) {
    throw new RefusedRequestError(`it redirects to ${url.href}, which is not https`);
  }
  const isSameOrigin = url.origin === wanted.url.origin;
  const isSeeOther = status === 303;
  return {
    ...wanted,
    url,
    method: isSeeOther ? 'GET' : wanted.method,
    body: isSeeOther ? Buffer.alloc(0) : wanted.body,
    // What proves who sends is for the address that was named.
    headers: isSameOrigin ? wanted.headers : wanted.headers.filter(([name]) => !isForNamedAddress(wanted, name)),
    redirects: wanted.redirects - 1,
  };
}

const isForNamedAddress = ({ secretHeaders }: OutgoingRequest, name: string): boolean =>
  sensitive.has(name.toLowerCase()) || secretHeaders?.has(name.toLowerCase()) === true;

function refuseTarget({ protocol, hostname, href }: URL, reach: Reach): void {
  if (protocol !== 'https:' && protocol !== 'http:') throw new RefusedRequestError(`${href} is neither https nor http`);
  const literal = literalOf(hostname);
  const refusal = literal === null ? null : refuseAddress(literal, reach);
  if (refusal !== null && literal !== null) throw new RefusedAddressError(`${literal} ${refusal}`, literal, reach);
  if (protocol === 'http:' && reach === 'public') {
    throw new RefusedRequestError('only https leaves this network; http needs allowPrivate and an address inside it');
  }
}

/** The one that was connected to, whatever the look-up said. Plain http stays inside the network. */
function refuseConnected({ protocol }: URL, address: string, reach: Reach): Error | null {
  const refusal = refuseAddress(address, reach);
  if (refusal !== null) return new RefusedAddressError(`${address} ${refusal}`, address, reach);
  if (protocol === 'http:' && refuseAddress(address, 'public') === null) {
    return new RefusedRequestError(`${address} is outside this network, where only https is sent`);
  }
  return null;
}

async function sendOnce(connections: Connections, wanted: OutgoingRequest, proxy: URL | null): Promise<Answer> {
  try {
    return await exchange(connections, wanted, proxy);
  } catch (error) {
    // The server closed an idle connection just as it was used again: that says nothing about the server. It may have
    // closed the other idle ones as well.
    if (!(error instanceof StaleConnectionError)) throw error;
    const once = (one: URL): HttpAgent => tunnelAgent(one, { keepAlive: false });
    return await exchange({ ...connections, ...connections.fresh, tunnel: once }, wanted, proxy);
  }
}

class StaleConnectionError extends Error {}

function exchange(connections: Connections, wanted: OutgoingRequest, proxy: URL | null): Promise<Answer> {
  const { url, method, headers, body, maxBytes, signal } = wanted;
  const { reach, http, https, tls } = connections;
  const isPlain = url.protocol === 'http:';
  const startedMs = performance.now();
  const times = { lookedUp: 0, connected: 0, secured: 0, firstByte: 0 };
  let isNew = false;
  return new Promise((resolve, reject) => {
    const send = isPlain ? httpRequest : httpsRequest;
    const request = send({
      ...targetOf(url),
      method,
      headers: flatHeaders(url, headers, body, method),
      agent: proxy !== null ? connections.tunnel(proxy) : isPlain ? http : https,
      // Agents for a proxy take these from the request alone.
      ...(proxy === null || isPlain ? {} : tls),
    });
    // Not the option `signal`, which watches the whole stream and costs as much as the request itself.
    const abort = (): void => {
      request.destroy(signal.reason instanceof Error ? signal.reason : new Error('it was aborted'));
    };
    if (signal.aborted) abort();
    else {
      signal.addEventListener('abort', abort, { once: true });
      request.once('close', () => signal.removeEventListener('abort', abort));
    }
    request.on('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      const refused = proxy === null ? null : refusedByProxy(proxy, statusCode);
      if (refused !== null) request.destroy(refused);
    });
    request.on('socket', (socket: Socket) => {
      const judge = (): void => {
        const refused = refuseConnected(url, socket.remoteAddress ?? '', reach);
        if (refused !== null) request.destroy(refused);
      };
      if (proxy !== null && !request.reusedSocket) {
        // It comes when the way through the proxy is open and secured.
        isNew = true;
        times.connected = performance.now();
        times.secured = times.connected;
      }
      if (!socket.connecting) return;
      isNew = true;
      socket.once('lookup', () => {
        times.lookedUp = performance.now();
      });
      socket.once('connect', () => {
        times.connected = performance.now();
        judge();
      });
      socket.once('secureConnect', () => {
        times.secured = performance.now();
      });
    });
    request.on('error', (error: Error) => {
      const isClosed = 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      const isStale = request.reusedSocket && times.firstByte === 0 && isClosed;
      reject(isStale ? new StaleConnectionError() : error);
    });
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error('it changed the protocol (101) in place of an answer'));
    });
    request.on('response', (response: IncomingMessage) => {
      times.firstByte = performance.now();
      const address = response.socket.remoteAddress ?? '';
      readAnswerStart(response, maxBytes).then(({ bytes, isTruncated }) => {
        const endMs = performance.now();
        const openedMs = isNew ? (isPlain ? times.connected : times.secured) : startedMs;
        const lookedUpMs = times.lookedUp === 0 ? startedMs : times.lookedUp;
        resolve({
          url: url.href,
          address,
          status: response.statusCode ?? 0,
          headers: pairs(response.rawHeaders),
          body: bytes,
          isTruncated,
          timing: {
            dnsMs: isNew && times.lookedUp > 0 ? rounded(times.lookedUp - startedMs) : null,
            connectMs: isNew ? rounded(times.connected - lookedUpMs) : null,
            tlsMs: isNew && !isPlain && proxy === null ? rounded(times.secured - times.connected) : null,
            firstByteMs: rounded(times.firstByte - openedMs),
            totalMs: rounded(endMs - startedMs),
          },
        });
      }, reject);
    });
    request.end(body);
  });
}

const targets = new WeakMap<URL, { href: string; options: ReturnType<typeof urlToHttpOptions> }>();

/** A URL as a request takes it; kept, as a destination has the same one for all of its requests. */
function targetOf(url: URL): ReturnType<typeof urlToHttpOptions> {
  const { href } = url;
  const known = targets.get(url);
  if (known?.href === href) return known.options;
  const options = urlToHttpOptions(url);
  targets.set(url, { href, options });
  return options;
}

const rounded = (ms: number): number => Math.max(0, Math.round(ms * 10) / 10);

function flatHeaders(url: URL, headers: OutgoingRequest['headers'], body: Buffer, method: string): string[] {
  const own = [...headers];
  if (!headers.some(([name]) => name.toLowerCase() === 'host')) own.unshift(['Host', url.host]);
  if (body.length > 0 || (method !== 'GET' && method !== 'DELETE')) own.push(['Content-Length', String(body.length)]);
  return own.flat();
}

function pairs(raw: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) found.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return found;
}
