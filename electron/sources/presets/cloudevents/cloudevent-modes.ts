import type { Json } from '../../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../../shared/contract/deliveries.ts';
import type { EventDraft } from '../../../intake/intake-types.ts';
import { parseContentType } from '../../body/content-type.ts';
import { isJsonObject, requireJson } from '../../body/json-object.ts';
import { decodeText } from '../../charset/charset.ts';
import { bodyPayload, readExternalId } from '../../events/event-fields.ts';
import { type ReadItem, readEach } from '../../events/read-items.ts';
import type { IncomingRequest, ReadBody, ReadEvents } from '../../source-types.ts';
import { type CheckedAttributes, checkAttributes, checkHeaderAttributes } from './cloudevent-attributes.ts';

const mediaTypeOf = (headers: Readonly<Record<string, string>>): string =>
  parseContentType(headers['content-type']).mediaType;

/** A document that can only be a CloudEvent in the JSON format, whatever its content type says. */
const looksStructured = (value: Json): boolean =>
  isJsonObject(value) &&
  Object.hasOwn(value, 'specversion') &&
  ['id', 'source', 'type'].some((name) => Object.hasOwn(value, name));

const isStructured = (body: ReadBody): boolean =>
  body.kind === 'json' && (Array.isArray(body.value) ? body.value.some(looksStructured) : looksStructured(body.value));

const hasAttributes = (headers: Readonly<Record<string, string>>): boolean =>
  Object.keys(headers).some((name) => name.startsWith('ce-'));

/** Whether a delivery is a CloudEvent, in whichever mode: it says so, or its JSON can be nothing else. */
export const isCloudEvent = ({ headers }: IncomingRequest, body: ReadBody): boolean =>
  mediaTypeOf(headers).startsWith('application/cloudevents') ||
  headers['ce-specversion'] !== undefined ||
  isStructured(body);

const invalid = (message: string): ReadEvents & { ok: false } => ({ ok: false, code: 'invalid_cloudevent', message });

/** Source and id together are what tells an event from others (section 3.1.1); neither holds a space. */
const draftOf = (
  { attributes, notes }: Extract<CheckedAttributes, { ok: true }>,
  payload: Json,
  body: Buffer,
  ...more: DeliveryNote[]
): EventDraft => ({
  type: attributes.type,
  externalId: readExternalId(`${attributes.source} ${attributes.id}`, body),
  occurredAtMs: attributes.timeMs,
  context: attributes.all,
  payload,
  ...(notes.length + more.length === 0 ? {} : { notes: [...notes, ...more] }),
});

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** One event in the JSON format. Binary data is kept as the text it comes as, `{"data_base64": "…"}`. */
function readItem(item: Json, body: Buffer, strict: boolean): ReadItem {
  if (!isJsonObject(item)) return { ok: false, problem: 'it is not an object' };
  const { data, data_base64, ...rest } = item;
  const checked = checkAttributes(Object.entries(rest), strict);
  if (!checked.ok) return checked;
  if (data_base64 === undefined || data_base64 === null) {
    return { ok: true, event: draftOf(checked, data ?? null, body) };
  }
  const problem =
    data !== undefined
      ? '"data" and "data_base64" are both set'
      : typeof data_base64 !== 'string' || !base64.test(data_base64)
        ? '"data_base64" is not base64'
        : null;
  if (problem === null) return { ok: true, event: draftOf(checked, { data_base64 }, body) };
  if (strict) return { ok: false, problem };
  const payload = data !== undefined ? data : { data_base64 };
  const message = `Of the event ${problem}; ${data !== undefined ? '"data" was taken' : 'it was kept as sent'}.`;
  return { ok: true, event: draftOf(checked, payload, body, { code: 'cloudevent_data', message }) };
}

function readBatch(items: Json, body: Buffer, strict: boolean): ReadEvents {
  if (!Array.isArray(items)) return invalid('the batch is not a list of events');
  const { events, notes, problem } = readEach(items, (item) => readItem(item, body, strict));
  if (problem === null) return { ok: true, events };
  if (strict || events.length === 0) return invalid(`${problem}; none of them was taken`);
  return { ok: true, events, notes };
}

/** The JSON format, of one event or a list, whichever of the two it is said to be. */
function readStructured(value: Json, type: string, body: Buffer, strict: boolean): ReadEvents {
  const isBatch = strict ? type === 'application/cloudevents-batch+json' : Array.isArray(value);
  const right = `application/cloudevents${isBatch ? '-batch' : ''}+json`;
  const message = `The body is ${isBatch ? 'a list of CloudEvents' : 'a CloudEvent'} of the content type "${type.slice(0, 60)}", where ${right} belongs.`;
  const notes = type === right ? [] : [{ code: 'cloudevent_mode', message }];
  if (isBatch) {
    const read = readBatch(value, body, strict);
    return read.ok ? { ...read, notes: [...notes, ...(read.notes ?? [])] } : read;
  }
  const read = readItem(value, body, strict);
  return read.ok ? { ok: true, events: [read.event], notes } : invalid(`the event in the body: ${read.problem}`);
}

/** Types whose body must be what they say; a body of another type that is no text is kept as base64. */
const mustRead = /[/+]json$|^multipart\/|^application\/x-www-form-urlencoded$/;

function readBinary(request: IncomingRequest, body: ReadBody, strict: boolean): ReadEvents {
  const checked = checkHeaderAttributes(request.headers, strict);
  if (!checked.ok) return invalid(`the event in the headers: ${checked.problem}`);
  if (body.kind !== 'problem') return { ok: true, events: [draftOf(checked, bodyPayload(body), request.body)] };
  const type = mediaTypeOf(request.headers);
  if (!mustRead.test(type)) {
    const payload = { data_base64: request.body.toString('base64') };
    return { ok: true, events: [draftOf(checked, payload, request.body)] };
  }
  if (strict) return { ok: false, code: 'unreadable_body', message: body.message };
  const { text, notes } = decodeText(request.body, null, 'The body');
  const message = `The data says that it is ${type}, but ${body.message}; it was kept as text.`;
  return { ok: true, events: [draftOf(checked, text, request.body, { code: 'cloudevent_data', message }, ...notes)] };
}

/**
 * The HTTP binding of CloudEvents 1.0.2 in its three modes. Our own since the library of that name makes 32-bit words of
 * binary data, puts the present in place of a time that is none, leaves percent-encoding in, and knows content types by
 * their exact spelling; it is the tests' counterpart. `strict` refuses what breaks the specification, and then a whole
 * batch for one event; else an event needs only what tells it from others, and the rest is noted.
 */
export function readCloudEvents(request: IncomingRequest, body: ReadBody, strict: boolean): ReadEvents {
  const type = mediaTypeOf(request.headers);
  if (type === 'application/cloudevents+json' || type === 'application/cloudevents-batch+json') {
    const json = requireJson(body);
    return json.ok ? readStructured(json.value, type, request.body, strict) : json;
  }
  if (!strict && request.headers['ce-specversion'] === undefined && body.kind === 'json' && isStructured(body)) {
    return readStructured(body.value, type, request.body, strict);
  }
  if (type.startsWith('application/cloudevents')) {
    const message = `the format "${type.slice(0, 60)}" is not read here, only application/cloudevents+json and -batch+json`;
    return { ok: false, status: 415, code: 'unknown_format', message };
  }
  if (!hasAttributes(request.headers)) {
    const message =
      'the delivery has no ce-… headers and its content type is neither application/cloudevents+json nor ' +
      'application/cloudevents-batch+json, so it is not a CloudEvent';
    return { ok: false, status: 415, code: 'unknown_format', message };
  }
  return readBinary(request, body, strict);
}
