import { request as askHttp } from 'node:http';
import { request as askHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { AppError } from '../../shared/contract/errors.ts';
import { proxyOf, refuseBehindProxy, refusedByProxy, tunnelAgent } from './environment-proxy.ts';
import { createLookup, literalOf, type Reach, RefusedAddressError, refuseAddress } from './outgoing-address.ts';

export interface GetOptions {
  maxBytes: number;
  /** From the start to the last byte. */
  timeoutMs: number;
  /** Until connected, name look-up and certificate check included; 5 s. */
  connectTimeoutMs?: number;
  accept?: string;
  /** Sent by POST instead. */
  post?: { contentType: string; body: Buffer };
  /** `public` unless an operator has named the address and allowed more. */
  reach?: Reach;
  /** Whether a literal IP address is allowed, as an operator may write it; a message's never is. */
  allowsLiteral?: boolean;
  /** In place of the guarded look-up. */
  lookup?: LookupFunction;
  /** Certificate to trust instead of the usual authorities. */
  ca?: string;
}

function unavailable(url: URL, reason: string, cause?: Error): AppError {
  const error = new AppError('unavailable', `${url.host}: ${reason}`);
  if (cause !== undefined) error.cause = cause;
  return error;
}

/** A literal IP address is never looked up, so it is checked here. */
function refuseLiteral(url: URL, { reach = 'public', allowsLiteral = false, lookup }: GetOptions): Error | null {
  const literal = literalOf(url.hostname);
  if (literal === null || lookup !== undefined) return null;
  if (!allowsLiteral) return new Error('an IP address is not allowed here; use a host name');
  const refusal = refuseAddress(literal, reach);
  return refusal === null ? null : new RefusedAddressError(`${literal} ${refusal}`, literal, reach);
}

const sizeOf = (bytes: number): string => (bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`);

const answered = (status: number): string =>
  `it answered ${status}${status >= 300 && status < 400 ? ', a redirect, which is not followed' : ''}`;

/**
 * GETs an address that the caller has checked (https; http where `reach` is `loopback`): the addresses a name leads to
 * are judged when the connection is made (before, where the environment names a proxy), no redirects, bounded in time and
 * size. Rejects with AppError `unavailable`.
 */
export async function guardedGet(url: URL, options: GetOptions): Promise<Buffer> {
  try {
    // A look-up of the caller's own knows where to go.
    const proxy = options.lookup === undefined ? proxyOf(url) : null;
    if (proxy !== null) await refuseBehindProxy(url, options.reach ?? 'public');
    return await get(url, options, proxy);
  } catch (error) {
    if (error instanceof AppError || !(error instanceof Error)) throw error;
    throw unavailable(url, error.message, error);
  }
}

function get(url: URL, options: GetOptions, proxy: URL | null): Promise<Buffer> {
  const { maxBytes, timeoutMs, connectTimeoutMs = 5000, reach = 'public', accept = '*/*', ca, post } = options;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (error: Error): void => {
      if (error instanceof AppError) reject(error);
      else reject(unavailable(url, signal.aborted ? `no answer within ${timeoutMs / 1000} s` : error.message, error));
    };
    const refusal = refuseLiteral(url, options);
    if (refusal !== null) return fail(refusal);
    const isPlain = url.protocol === 'http:';
    if (isPlain && reach !== 'loopback') return fail(unavailable(url, 'only https is allowed'));
    const ask = isPlain ? askHttp : askHttps;
    const method = post === undefined ? 'GET' : 'POST';
    const headers = {
      accept,
      ...(post === undefined ? {} : { 'content-type': post.contentType, 'content-length': post.body.length }),
    };
    const lookup = options.lookup ?? createLookup(reach);
    const agent = proxy === null ? false : tunnelAgent(proxy, { keepAlive: false });
    const request = ask(url, { method, lookup, ca, signal, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('error', fail);
      if (response.statusCode !== 200) {
        response.resume();
        return fail(unavailable(url, answered(response.statusCode ?? 0)));
      }
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > maxBytes) request.destroy(unavailable(url, `its answer is larger than ${sizeOf(maxBytes)}`));
        else chunks.push(chunk);
      });
      response.on('end', () => resolve(Buffer.concat(chunks, sizeBytes)));
    });
    const connecting = setTimeout(
      () => request.destroy(unavailable(url, `no connection within ${connectTimeoutMs / 1000} s`)),
      connectTimeoutMs,
    );
    request.on('socket', (socket) => {
      // Through a proxy it comes when it is open.
      if (proxy !== null) clearTimeout(connecting);
      else socket.once(isPlain ? 'connect' : 'secureConnect', () => clearTimeout(connecting));
    });
    request.on('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      const refused = proxy === null ? null : refusedByProxy(proxy, statusCode);
      if (refused !== null) request.destroy(refused);
    });
    request.end(post?.body);
    request.on('close', () => clearTimeout(connecting));
    request.on('error', fail);
  });
}
