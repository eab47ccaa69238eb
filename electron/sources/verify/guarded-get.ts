import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { get } from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { AppError } from '../../../shared/contract/errors.ts';

export interface GetOptions {
  maxBytes: number;
  /** From the start to the last byte. */
  timeoutMs: number;
  /** Until the connection stands, its name looked up and its certificate checked; 5 s. */
  connectTimeoutMs?: number;
  lookup?: LookupFunction;
  /** Certificate to trust instead of the usual authorities. */
  ca?: string;
}

/** Resolves to public addresses only: a name in a message must not lead to a machine of this network. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '');
    const [first] = addresses;
    const inner = addresses.find(({ address }) => ipaddr.process(address).range() !== 'unicast');
    if (first === undefined || inner !== undefined) {
      return callback(new Error(`${hostname} leads to ${inner?.address ?? 'nothing'}, which is no public address`), '');
    }
    if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

const unavailable = (url: URL, reason: string): AppError => new AppError('unavailable', `${url.host}: ${reason}`);

/**
 * GETs an HTTPS address that a message named, which the caller has checked: no redirects, no proxy, bounded in time and
 * size. Rejects with AppError `unavailable`.
 */
export function guardedGet(
  url: URL,
  { maxBytes, timeoutMs, connectTimeoutMs = 5000, lookup = publicLookup, ca }: GetOptions,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (error: Error): void => {
      if (error instanceof AppError) reject(error);
      else reject(unavailable(url, signal.aborted ? `no answer within ${timeoutMs / 1000} s` : error.message));
    };
    // An address in figures is never looked up.
    if (lookup === publicLookup && ipaddr.isValid(url.hostname.replace(/^\[|\]$/g, ''))) {
      return fail(unavailable(url, 'an address in figures is not asked'));
    }
    const request = get(url, { lookup, ca, signal, agent: false, headers: { accept: '*/*' } }, (response) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('error', fail);
      if (response.statusCode !== 200) {
        response.resume();
        return fail(unavailable(url, `it answered ${response.statusCode}`));
      }
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > maxBytes) request.destroy(unavailable(url, `its answer is larger than ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on('end', () => resolve(Buffer.concat(chunks, sizeBytes)));
    });
    const connecting = setTimeout(
      () => request.destroy(unavailable(url, `no connection within ${connectTimeoutMs / 1000} s`)),
      connectTimeoutMs,
    );
    request.on('socket', (socket) => socket.once('secureConnect', () => clearTimeout(connecting)));
    request.on('close', () => clearTimeout(connecting));
    request.on('error', fail);
  });
}
