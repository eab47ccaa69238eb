import type { Json } from '../../shared/contract/common.ts';
import type { EventDraft } from '../intake/intake-types.ts';
import {
  type Attributes,
  type CheckedAttributes,
  checkAttributes,
  checkHeaderAttributes,
} from './cloudevent-attributes.ts';
import { bodyPayload, readExternalId } from './event-fields.ts';
import { isJsonObject, requireJson } from './json-object.ts';
import type { IncomingRequest, ReadBody, ReadEvents } from './source-types.ts';

const mediaTypeOf = (headers: Readonly<Record<string, string>>): string =>
  (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();

/** Whether a delivery says that it is a CloudEvent, in whichever mode. */
export const isCloudEvent = ({ headers }: IncomingRequest): boolean =>
  mediaTypeOf(headers).startsWith('application/cloudevents') || headers['ce-specversion'] !== undefined;

const invalid = (message: string): ReadEvents & { ok: false } => ({ ok: false, code: 'invalid_cloudevent', message });

/** Source and id together are what tells an event from others (section 3.1.1); neither holds a space. */
const draftOf = (attributes: Attributes, payload: Json, body: Buffer): EventDraft => ({
  type: attributes.type,
  externalId: readExternalId(`${attributes.source} ${attributes.id}`, body),
  occurredAtMs: attributes.timeMs,
  context: attributes.all,
  payload,
});

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

type ReadItem = { ok: true; event: EventDraft } | { ok: false; problem: string };

/** One event in the JSON format. Binary data is kept as the text it comes as, `{"data_base64": "…"}`. */
function readItem(item: Json, body: Buffer): ReadItem {
  if (!isJsonObject(item)) return { ok: false, problem: 'it is not an object' };
  const { data, data_base64, ...rest } = item;
  const checked = checkAttributes(Object.entries(rest));
  if (!checked.ok) return checked;
  if (data_base64 === undefined || data_base64 === null) {
    return { ok: true, event: draftOf(checked.attributes, data ?? null, body) };
  }
  if (data !== undefined) return { ok: false, problem: '"data" and "data_base64" stand beside each other' };
  if (typeof data_base64 !== 'string' || !base64.test(data_base64)) {
    return { ok: false, problem: '"data_base64" is not base64' };
  }
  return { ok: true, event: draftOf(checked.attributes, { data_base64 }, body) };
}

function readBatch(items: Json, body: Buffer): ReadEvents {
  if (!Array.isArray(items)) return invalid('the batch is not a list of events');
  const events: EventDraft[] = [];
  for (const [i, item] of items.entries()) {
    const read = readItem(item, body);
    if (!read.ok) return invalid(`event ${i + 1} of ${items.length}: ${read.problem}; none of them was taken`);
    events.push(read.event);
  }
  return { ok: true, events };
}

/** Types whose body must be what they say; a body of another type that is no text is kept as base64. */
const mustRead = /[/+]json$|^multipart\/|^application\/x-www-form-urlencoded$/;

function readBinary(request: IncomingRequest, body: ReadBody, checked: CheckedAttributes): ReadEvents {
  if (!checked.ok) return invalid(checked.problem);
  if (body.kind !== 'problem') {
    return { ok: true, events: [draftOf(checked.attributes, bodyPayload(body), request.body)] };
  }
  if (mustRead.test(mediaTypeOf(request.headers))) {
    return { ok: false, code: 'unreadable_body', message: body.message };
  }
  const payload = { data_base64: request.body.toString('base64') };
  return { ok: true, events: [draftOf(checked.attributes, payload, request.body)] };
}

/**
 * The HTTP binding of CloudEvents 1.0.2 in its three modes. Our own since the library of that name makes 32-bit words of
 * binary data, puts the present in place of a time that is none, leaves percent-encoding in, and knows content types by
 * their exact spelling; it is the tests' counterpart.
 */
export function readCloudEvents(request: IncomingRequest, body: ReadBody): ReadEvents {
  const type = mediaTypeOf(request.headers);
  if (type === 'application/cloudevents+json' || type === 'application/cloudevents-batch+json') {
    const json = requireJson(body);
    if (!json.ok) return json;
    if (type === 'application/cloudevents-batch+json') return readBatch(json.value, request.body);
    const read = readItem(json.value, request.body);
    return read.ok ? { ok: true, events: [read.event] } : invalid(read.problem);
  }
  if (type.startsWith('application/cloudevents')) {
    const message = `the format "${type.slice(0, 60)}" is not read here, only application/cloudevents+json and -batch+json`;
    return { ok: false, status: 415, code: 'unknown_format', message };
  }
  if (!Object.keys(request.headers).some((name) => name.startsWith('ce-'))) {
    const message =
      'the delivery has no ce-… headers and its content type is neither application/cloudevents+json nor ' +
      'application/cloudevents-batch+json, so it is no CloudEvent';
    return { ok: false, status: 415, code: 'unknown_format', message };
  }
  return readBinary(request, body, checkHeaderAttributes(request.headers));
}
