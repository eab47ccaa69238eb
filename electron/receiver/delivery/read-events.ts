import { maxJsonDepth } from '../../../shared/contract/json-value.ts';
import { addNotes } from '../../intake/delivery-notes.ts';
import type { DeliveryDraft, EventDraft } from '../../intake/intake-types.ts';
import { isDeeperThan } from '../../sources/body/json-text.ts';
import type { IncomingRequest, PreparedSource, ReadBody } from '../../sources/source-types.ts';
import type { Refusal } from '../answer/answer.ts';
import { unreadable } from '../answer/refusals.ts';

/** Of a vendor's list; they are stored in one transaction. Event Grid sends up to 5,000 at a time, others fewer. */
const maxEvents = 5000;

/** JSON was measured when it was parsed; what was read out of a form's fields, say, has not been. */
function isTooDeep(events: readonly EventDraft[], body: ReadBody): boolean {
  return events.some((event) => {
    const isMeasured = body.kind === 'json' && event.payload === body.value;
    return (!isMeasured && isDeeperThan(event.payload, maxJsonDepth)) || isDeeperThan(event.context, maxJsonDepth);
  });
}

/** The events of a verified delivery, which gets what was noted in reading them. */
export function readEvents(
  delivery: DeliveryDraft,
  prepared: PreparedSource,
  request: IncomingRequest,
  body: ReadBody,
): EventDraft[] | Refusal {
  addNotes(delivery, body.notes);
  const read = prepared.read(request, body);
  addNotes(delivery, read.notes);
  if (!read.ok) return unreadable(read.code, read.message, read.status);
  if (read.events.length > maxEvents) {
    const found = `the body holds ${read.events.length} events`;
    return unreadable('too_many_events', `${found}, more than the ${maxEvents} that one delivery may have`);
  }
  for (const event of read.events) addNotes(delivery, event.notes);
  return isTooDeep(read.events, body)
    ? unreadable('too_deep', `the event is nested more than ${maxJsonDepth} levels deep`)
    : read.events;
}
