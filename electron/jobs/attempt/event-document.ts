import { isoTime } from '../../store/database/times.ts';
import type { ClaimedEvent } from '../../store/runs/run-claims.ts';

/** Proof of who sent a delivery is for the receiver; jobs get secrets only where they name them. */
const withheld = new Set(['authorization', 'cookie', 'proxy-authorization']);

function printHeaders(text: string): string {
  const pairs: [string, string][] = JSON.parse(text);
  const headers = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (withheld.has(name)) continue;
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return JSON.stringify(Object.fromEntries(headers));
}

const printTime = (ms: number | null): string => (ms === null ? 'null' : `"${isoTime(ms)}"`);

/**
 * The event as jobs get it, as JSON text. Put together from the columns: context, payload and verification are JSON
 * already, and parsing and printing them again would cost more than the rest of a claim.
 */
export function printEvent(row: ClaimedEvent): string {
  const causedBy =
    row.caused_by_run === null ? 'null' : `{"runId":${JSON.stringify(row.caused_by_run)},"depth":${row.event_depth}}`;
  const headers = row.headers === null ? '' : `,"headers":${printHeaders(row.headers)}`;
  return (
    `{"id":${JSON.stringify(row.event_id)},"source":${JSON.stringify(row.source)},"system":${JSON.stringify(row.system)},` +
    `"type":${JSON.stringify(row.event_type)},"externalId":${JSON.stringify(row.external_id)},` +
    `"occurredAt":${printTime(row.occurred_at)},"receivedAt":${printTime(row.received_at)},"context":${row.context},` +
    `"payload":${row.payload},"verification":${row.verification},"replayOf":${JSON.stringify(row.replay_of)},` +
    `"causedBy":${causedBy}${headers}}`
  );
}

/** The document of a run's event with those of its whole batch in `batch`, oldest first; it is one of them. */
export const printBatch = (row: ClaimedEvent, batch: readonly ClaimedEvent[]): string =>
  `${printEvent(row).slice(0, -1)},"batch":[${batch.map(printEvent).join(',')}]}`;
