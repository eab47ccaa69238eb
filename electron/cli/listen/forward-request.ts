import { request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connectionHeaders } from '../../../shared/connection-headers.ts';
import type { DeliveryDetail } from '../../../shared/contract/deliveries.ts';
import { errorText } from '../../../shared/error-text.ts';

export interface Answered {
  /** Null: no answer came. */
  status: number | null;
  ms: number;
  error: string | null;
}

/** A stored body is no longer compressed. */
const notForwarded = new Set([...connectionHeaders, 'host', 'content-encoding']);

/** The bytes of a body as they are kept. */
export function bytesOf({ body, bodyBytes }: Pick<DeliveryDetail, 'body' | 'bodyBytes'>): Buffer {
  if (body.encoding === 'base64') return Buffer.from(body.data, 'base64');
  const bytes = Buffer.from(body.data, 'utf8');
  // Read as text, it has lost its byte order mark.
  return bodyBytes - bytes.length === 3 ? Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]) : bytes;
}

/** What follows `/in/<source>` in the address that the sender used, its query included. */
export const restOf = (url: string): string => /^\/in\/[^/?]+(.*)$/s.exec(url)?.[1] ?? '';

/** Sends a delivery on: its method, headers in their order, and body. Never rejects. */
export function forward(delivery: DeliveryDetail, target: URL, timeoutMs: number): Promise<Answered> {
  const startedMs = performance.now();
  const body = bytesOf(delivery);
  const kept = delivery.headers.filter(([name]) => !notForwarded.has(name.toLowerCase()));
  const headers = [
    ...['host', target.host],
    ...kept.flat(),
    ...(body.length === 0 && delivery.method === 'GET' ? [] : ['content-length', String(body.length)]),
    ...['connection', 'close'],
  ];
  const options: RequestOptions = { method: delivery.method, headers, agent: false };
  const address = `${target.origin}${target.pathname.replace(/\/$/, '')}${restOf(delivery.url) || (target.pathname === '/' ? '/' : '')}`;
  return new Promise((resolve) => {
    const end = (status: number | null, error: string | null): void =>
      resolve({ status, ms: Math.round(performance.now() - startedMs), error });
    try {
      const sent = (target.protocol === 'https:' ? tlsRequest : plainRequest)(address, options, (response) => {
        response.resume();
        response.on('end', () => end(response.statusCode ?? null, null));
        response.on('error', (error) => end(response.statusCode ?? null, errorText(error)));
      });
      sent.setTimeout(timeoutMs, () => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
      sent.on('error', (error) => end(null, errorText(error)));
      sent.end(body);
    } catch (error) {
      // A header or a path that Node does not send, such as one with a line break.
      end(null, errorText(error));
    }
  });
}
