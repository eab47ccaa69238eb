import type { DeliveryNote } from '../../../shared/contract/deliveries.ts';
import { addNotes } from '../../intake/delivery-notes.ts';
import { readQuery } from '../../sources/body/form-fields.ts';
import type { IncomingRequest } from '../../sources/source-types.ts';
import { readHeaders } from '../request/read-headers.ts';
import type { Exchange, ReadySource } from './exchange.ts';

const noBody = Buffer.alloc(0);

/** A signature may be sent twice while its secret is rotated: all of them are tried, and nothing was dropped. */
function noteDropped({ delivery }: Exchange, droppedFrom: readonly string[], { prepared }: ReadySource): void {
  const names = droppedFrom.filter((name) => prepared.masking?.keepHeaders.includes(name) !== true);
  addNotes(
    delivery,
    names.map((name) => ({
      code: 'header_repeated',
      message: `The header ${name} came more than once with different values. The first one counts.`,
    })),
  );
}

/** The request as its source sees it, before its body. Notes on the query are for deliveries that are verified. */
export function readRequest(
  exchange: Exchange,
  source: ReadySource,
): { request: IncomingRequest; queryNotes: readonly DeliveryNote[] } {
  const { req, target, delivery } = exchange;
  const { query, notes } = readQuery(target.query);
  const { headers, repeated, droppedFrom } = readHeaders(req.rawHeaders);
  if (droppedFrom !== undefined) noteDropped(exchange, droppedFrom, source);
  const request: IncomingRequest = {
    method: delivery.method,
    subpath: target.subpath,
    query,
    headers,
    repeatedHeaders: repeated,
    body: noBody,
    remoteAddress: delivery.remoteAddress,
    receivedAtMs: delivery.receivedAtMs,
    target: req.url,
    publicUrl: exchange.publicUrl,
  };
  return { request, queryNotes: notes };
}
