import type { HttpBody } from '../../../shared/contract/http-jobs.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import type { ClaimRow } from '../../store/runs/run-claims.ts';
import { binaryCloudEvent, structuredCloudEvent } from './cloudevent.ts';
import { compileTemplate } from './event-template.ts';
import { readReceivedRequest } from './received-request.ts';
import type { UnsignedRequest } from './unsigned-request.ts';

const json = (text: string): UnsignedRequest => ({
  headers: [['Content-Type', 'application/json']],
  body: Buffer.from(text),
});

/** Compiles what a job sends of an event. `event` is its document as JSON text. Throws an Error for people. */
export function compileContent(body: HttpBody, db: ReadableDb): (row: ClaimRow, event: string) => UnsignedRequest {
  if (typeof body === 'object') {
    const fill = compileTemplate(body.template);
    return (_row, event) => {
      const filled = fill(parseExact(event));
      if (typeof filled !== 'string') return json(stringifyExact(filled));
      return { headers: [['Content-Type', 'text/plain; charset=utf-8']], body: Buffer.from(filled) };
    };
  }
  switch (body) {
    case 'event':
      return (_row, event) => json(event);
    case 'payload':
      return (row) => json(row.payload);
    case 'cloudevents':
      return structuredCloudEvent;
    case 'cloudevents-binary':
      return binaryCloudEvent;
    case 'received':
      // An event that no delivery brought was never received: it goes as its payload.
      return (row) => readReceivedRequest(db, row.delivery_seq) ?? json(row.payload);
  }
}
