import { canBeList } from '../../../shared/contract/batches.ts';
import type { HttpBody } from '../../../shared/contract/http-jobs.ts';
import { parseExact } from '../../../shared/exact-json/parse-exact.ts';
import { stringifyExact } from '../../../shared/exact-json/stringify-exact.ts';
import { printBatch, printEvent } from '../../jobs/attempt/event-document.ts';
import type { ReadableDb } from '../../store/database/open.ts';
import type { ClaimedEvent } from '../../store/runs/run-claims.ts';
import { binaryCloudEvent, cloudEventBatch, structuredCloudEvent } from './cloudevent.ts';
import { compileTemplate } from './event-template.ts';
import { readReceivedRequest } from './received-request.ts';
import type { UnsignedRequest } from './unsigned-request.ts';

/** `list`: several events in one request; null: this one alone. */
type Content = (row: ClaimedEvent, list: readonly ClaimedEvent[] | null) => UnsignedRequest;

const json = (text: string): UnsignedRequest => ({
  headers: [['Content-Type', 'application/json']],
  body: Buffer.from(text),
});

const jsonList = (texts: readonly string[]): UnsignedRequest => json(`[${texts.join(',')}]`);

/** Compiles what a job sends of an event. Throws an Error for people. */
export function compileContent(body: HttpBody, db: ReadableDb): Content {
  if (!canBeList(body)) {
    const one = compileOne(body, db);
    return (row, list) => {
      if (list === null) return one(row, null);
      throw new Error(
        `its body ${String(body)} is one event, and a batch has several; use payload, event, cloudevents or a template`,
      );
    };
  }
  return compileOne(body, db);
}

function compileOne(body: HttpBody, db: ReadableDb): Content {
  if (typeof body === 'object') {
    const fill = compileTemplate(body.template);
    return (row, list) => {
      const filled = fill(parseExact(list === null ? printEvent(row) : printBatch(row, list)));
      if (typeof filled !== 'string') return json(stringifyExact(filled));
      return { headers: [['Content-Type', 'text/plain; charset=utf-8']], body: Buffer.from(filled) };
    };
  }
  switch (body) {
    case 'event':
      return (row, list) => (list === null ? json(printEvent(row)) : jsonList(list.map(printEvent)));
    case 'payload':
      return (row, list) => (list === null ? json(row.payload) : jsonList(list.map(({ payload }) => payload)));
    case 'cloudevents':
      return (row, list) => (list === null ? structuredCloudEvent(row) : cloudEventBatch(list));
    case 'cloudevents-binary':
      return binaryCloudEvent;
    case 'received':
      // An event that no delivery brought was never received: it goes as its payload.
      return (row) => readReceivedRequest(db, row.delivery_seq) ?? json(row.payload);
  }
}
