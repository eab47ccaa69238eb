import type { Accepted, AcceptInput, EventDraft } from './intake-types.ts';

/** A verified and read delivery as the log of a cluster carries it: all that its nodes store of it. Texts are JSON. */
export interface SharedDelivery {
  id: string;
  input: Pick<AcceptInput, 'system' | 'status' | 'ignoredStatus'>;
  delivery: Omit<AcceptInput['delivery'], 'body' | 'headers'>;
  headers: string;
  verification: string;
  /** Base64; null when it is the payload of the only event. */
  body: string | null;
  events: {
    id: string;
    draft: Pick<EventDraft, 'type' | 'externalId' | 'occurredAtMs' | 'dueAtMs'>;
    context: string;
    payload: string;
  }[];
}

interface Prepared {
  id: string;
  draft: EventDraft;
  context: string;
  payload: string;
}

export function toShared(
  { system, status, ignoredStatus, delivery }: AcceptInput,
  id: string,
  headers: string,
  verification: string,
  events: readonly Prepared[],
  isBodyInEvent: boolean,
): SharedDelivery {
  const { body, headers: _pairs, ...rest } = delivery;
  return {
    id,
    input: { system, status, ignoredStatus },
    delivery: rest,
    headers,
    verification,
    body: isBodyInEvent ? null : body.toString('base64'),
    events: events.map(({ id: eventId, draft, context, payload }) => {
      const { type, externalId, occurredAtMs, dueAtMs } = draft;
      return { id: eventId, draft: { type, externalId, occurredAtMs, dueAtMs }, context, payload };
    }),
  };
}

export function fromShared({ id, input, delivery, headers, verification, body, events }: SharedDelivery): {
  input: AcceptInput;
  deliveryId: string;
  headers: string;
  verification: string;
  isBodyInEvent: boolean;
} {
  const bytes = body === null ? Buffer.from(events[0]?.payload ?? '') : Buffer.from(body, 'base64');
  return {
    // What it was verified with is in its text already.
    input: {
      ...input,
      delivery: { ...delivery, headers: pairsOf(headers), body: bytes },
      verification: JSON.parse(verification),
      events: [],
    },
    deliveryId: id,
    headers,
    verification,
    isBodyInEvent: body === null,
  };
}

/** Names and values, as they were printed. */
export const pairsOf = (headers: string): [string, string][] => JSON.parse(headers);

/** Its entry is in the log, and this node is too far behind to know whether it repeats another one, or whose decision it asks for. */
export const lateAnswer = ({ id, events }: SharedDelivery): Accepted => ({
  deliveryId: id,
  eventIds: events.map((event) => event.id),
  duplicate: false,
  ignored: false,
  asks: null,
});
