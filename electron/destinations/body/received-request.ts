import type { ReadableDb } from '../../store/database/open.ts';
import { readReceived } from '../../store/events/deliveries.ts';
import type { UnsignedRequest } from './unsigned-request.ts';

/** About one connection (RFC 9110 section 7.6.1), about the coding that is undone already, or written anew. */
const notForwarded = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The request as its sender sent it, so that its signature still fits. Null when the event came with none, or its delivery
 * has been removed.
 */
export function readReceivedRequest(
  db: ReadableDb,
  deliverySeq: number | null,
): (UnsignedRequest & { method: string }) | null {
  const received = deliverySeq === null ? null : readReceived(db, deliverySeq);
  if (received === null) return null;
  const named = received.headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((one) => one.trim().toLowerCase()));
  const dropped = new Set([...notForwarded, ...named]);
  return {
    method: received.method,
    headers: received.headers.filter(([name]) => !dropped.has(name.toLowerCase())),
    body: received.body,
  };
}
