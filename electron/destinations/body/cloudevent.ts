import { isoTime } from '../../store/database/times.ts';
import type { ClaimedEvent } from '../../store/runs/run-claims.ts';
import type { UnsignedRequest } from './unsigned-request.ts';

/** Attributes of CloudEvents 1.0. The source is a URI reference, which a slug alone would be as well, but no good one. */
const attributesOf = (row: ClaimedEvent): [string, string][] => [
  ['specversion', '1.0'],
  ['id', row.event_id],
  ['source', `/sources/${row.source}`],
  ['type', row.event_type],
  ['time', isoTime(row.occurred_at ?? row.received_at)],
];

function printCloudEvent(row: ClaimedEvent): string {
  const attributes = attributesOf(row).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${attributes.join(',')},"datacontenttype":"application/json","data":${row.payload}}`;
}

/** Structured mode: attributes and data in one JSON document. */
export const structuredCloudEvent = (row: ClaimedEvent): UnsignedRequest => ({
  headers: [['Content-Type', 'application/cloudevents+json; charset=utf-8']],
  body: Buffer.from(printCloudEvent(row)),
});

/** Batched mode: a list of documents. */
export const cloudEventBatch = (rows: readonly ClaimedEvent[]): UnsignedRequest => ({
  headers: [['Content-Type', 'application/cloudevents-batch+json; charset=utf-8']],
  body: Buffer.from(`[${rows.map(printCloudEvent).join(',')}]`),
});

/** Binary mode: attributes are headers, percent-encoded where they are not printable ASCII. */
export function binaryCloudEvent(row: ClaimedEvent): UnsignedRequest {
  return {
    headers: [
      ['Content-Type', 'application/json'],
      ...attributesOf(row).map(([name, value]): [string, string] => [`ce-${name}`, encodeHeader(value)]),
    ],
    body: Buffer.from(row.payload),
  };
}

const encodeHeader = (value: string): string =>
  value.replace(/[^\x21-\x7e]|["%]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
