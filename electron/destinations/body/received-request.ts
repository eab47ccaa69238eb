import { connectionHeaders } from '../../../shared/connection-headers.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import { readReceived } from '../../store/events/deliveries.ts';
import type { UnsignedRequest } from './unsigned-request.ts';

/** Of the connection, about the coding that is undone already, or written anew. */
const notForwarded = [...connectionHeaders, 'content-encoding', 'host', 'proxy-authenticate', 'proxy-authorization'];

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
