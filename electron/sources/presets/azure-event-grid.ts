import type { Json } from '../../../shared/contract/common.ts';
import { fieldOf, isJsonObject, type JsonObject, presentFields, requireJson } from '../body/json-object.ts';
import { highRateLimit } from '../default-rates.ts';
import { definePreset, noSettings } from '../define-preset.ts';
import { checkType, guessType, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';
import { type ReadItem, readEach } from '../events/read-items.ts';
import { redactEvents } from '../redact/redact-events.ts';
import type { DirectAnswer, IncomingRequest, ReadBody, ReadEvents } from '../source-types.ts';
import { addressKey } from '../verify/schemes/address-key.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';
import { isCloudEvent, readCloudEvents } from './cloudevents/cloudevent-modes.ts';
import { answerPermission } from './cloudevents/webhook-permission.ts';

const verification = offerSchemes(addressKey('code'), none);

const validationType = 'Microsoft.EventGrid.SubscriptionValidationEvent';

/**
 * The code of a subscription that is being made, to be said back. Unverified: it only says that this address takes
 * events, each of which still has to carry the key.
 */
function answerValidation(body: ReadBody): DirectAnswer | null {
  if (body.kind !== 'json') return null;
  if (Array.isArray(body.value) && body.value.length !== 1) return null;
  const event = Array.isArray(body.value) ? body.value[0] : body.value;
  if (fieldOf(event, 'eventType') !== validationType) return null;
  const code = fieldOf(fieldOf(event, 'data'), 'validationCode');
  if (typeof code !== 'string' || code === '' || code.length > 200) return null;
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ validationResponse: code }),
  };
}

/** What the headers say of a delivery, for events that say it not themselves. */
const contextOf = ({ headers }: IncomingRequest): JsonObject =>
  presentFields({
    topic: headers['aeg-topic'],
    subscription: headers['aeg-subscription-name'],
    dataVersion: headers['aeg-data-version'],
    metadataVersion: headers['aeg-metadata-version'],
  });

/** The id that Event Grid gives a lone event in a schema of the publisher's own. */
const idOf = (item: JsonObject, { headers }: IncomingRequest, isLone: boolean): Json | undefined =>
  fieldOf(item, 'id') ?? (isLone ? headers['aeg-output-event-id'] : undefined);

/**
 * An event in the Event Grid schema, or in one of the publisher's own (custom input schema), of which only the parts
 * that are named alike can be known: then the payload is the whole of it.
 */
function readItem(item: Json, request: IncomingRequest, slug: string, isLone: boolean): ReadItem {
  if (!isJsonObject(item)) return { ok: false, problem: 'it is not an object' };
  const checked = checkType(fieldOf(item, 'eventType') ?? null);
  const id = idOf(item, request, isLone);
  const topic = fieldOf(item, 'topic') ?? request.headers['aeg-topic'];
  const externalId = readExternalId(id, request.body);
  const isNative = checked.ok && externalId !== null;
  const message =
    'An event is not in the Event Grid schema, which has "eventType" and "id"; its payload is the whole of it.';
  return {
    ok: true,
    event: {
      type: checked.ok ? checked.type : guessType(item, slug),
      // Of custom topics the publishers choose the ids, each for itself.
      externalId:
        externalId === null || typeof topic !== 'string'
          ? externalId
          : readExternalId(`${topic} ${externalId}`, request.body),
      ...occurredAt(['eventTime', fieldOf(item, 'eventTime')]),
      context: {
        ...contextOf(request),
        ...presentFields({
          topic,
          subject: fieldOf(item, 'subject'),
          dataVersion: fieldOf(item, 'dataVersion'),
          metadataVersion: fieldOf(item, 'metadataVersion'),
        }),
      },
      payload: isNative ? (fieldOf(item, 'data') ?? null) : item,
      ...(isNative ? {} : { notes: [{ code: 'event_grid_schema', message }] }),
    },
  };
}

function readItems(document: Json, request: IncomingRequest, slug: string): ReadEvents {
  const items = Array.isArray(document) ? document : [document];
  const { events, notes, problem } = readEach(items, (item) => readItem(item, request, slug, items.length === 1));
  if (problem !== null && events.length === 0) {
    return { ok: false, code: 'not_an_event', message: `${problem}; none of them was taken` };
  }
  return { ok: true, events, notes };
}

export const azureEventGrid = definePreset({
  id: 'azure-event-grid',
  label: 'Azure Event Grid',
  description:
    'Event subscriptions with a webhook endpoint, in the Event Grid schema or as CloudEvents 1.0. With a ' +
    'custom schema, the payload is the whole event. Event Grid does not sign: add a key of your choice to the ' +
    'end of the address, such as …?code=KEY, or send it in a header under Delivery Properties, marked as ' +
    'secret. The address must use HTTPS. The validation request at creation is answered automatically.',
  settings: noSettings,
  verification,
  defaults: {
    answerStatus: 200,
    // Event Grid repeats for up to 24 hours.
    rateLimit: highRateLimit,
  },
  sample: {
    document: [
      {
        id: '5a1d0c7e-0031-4409-8f00-0c1d2e3f4a5b',
        topic:
          '/subscriptions/31000000-0000-4000-8000-000000000031/resourceGroups/depot/providers/Microsoft.Storage/storageAccounts/depotfiles',
        subject: '/blobServices/default/containers/scales/blobs/2026-01-31.csv',
        eventType: 'Microsoft.Storage.BlobCreated',
        eventTime: '2026-01-31T08:00:00.1234567Z',
        data: {
          api: 'PutBlob',
          contentType: 'text/csv',
          contentLength: 4096,
          blobType: 'BlockBlob',
          url: 'https://depotfiles.blob.core.windows.net/scales/2026-01-31.csv',
        },
        dataVersion: '',
        metadataVersion: '1',
      },
    ],
  },
  // A batch has up to 1 MiB of events, and the brackets and commas around them.
  maxBodyBytes: 2 * 1024 * 1024,

  prepare({ spec, redaction }) {
    return {
      handshake: (request, body) =>
        answerPermission(request, { rateLimit: spec.rateLimit ?? highRateLimit }) ??
        (request.method === 'POST' ? answerValidation(body) : null),
      read(request, body) {
        if (isCloudEvent(request, body)) return redactEvents(readCloudEvents(request, body, false), redaction);
        const json = requireJson(body);
        return json.ok ? redactEvents(readItems(json.value, request, spec.slug), redaction) : json;
      },
    };
  },
});
