import { z } from 'zod';
import type { Json } from '../../shared/contract/common.ts';
import type { EventDraft } from '../intake/intake-types.ts';
import { isCloudEvent, readCloudEvents } from './cloudevent-modes.ts';
import { highRateLimit } from './default-rates.ts';
import { checkType, readExternalId } from './event-fields.ts';
import { occurredAt } from './event-time.ts';
import { fieldOf, isJsonObject, presentFields, requireJson } from './json-object.ts';
import { redactEvents } from './redact-events.ts';
import { createRedaction, redactField, redactSchema } from './redaction.ts';
import type { DirectAnswer, Preset, ReadBody, ReadEvents } from './source-types.ts';
import { addressKey } from './verify/address-key.ts';
import { none } from './verify/none.ts';
import { offerSchemes } from './verify/verify-choice.ts';
import { answerPermission } from './webhook-permission.ts';

const eventSchema = z.strictObject({ redact: redactSchema.optional() });

const verification = offerSchemes(addressKey('code'), none);

const validationType = 'Microsoft.EventGrid.SubscriptionValidationEvent';

/**
 * The code of a subscription that is being made, to be said back. Unverified: it only says that this address takes
 * events, each of which still has to carry the key.
 */
function answerValidation(body: ReadBody): DirectAnswer | null {
  if (body.kind !== 'json' || !Array.isArray(body.value) || body.value.length !== 1) return null;
  const [event] = body.value;
  if (fieldOf(event, 'eventType') !== validationType) return null;
  const code = fieldOf(fieldOf(event, 'data'), 'validationCode');
  if (typeof code !== 'string' || code === '' || code.length > 200) return null;
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ validationResponse: code }),
  };
}

type ReadItem = { ok: true; event: EventDraft } | { ok: false; problem: string };

function readItem(item: Json, body: Buffer): ReadItem {
  if (!isJsonObject(item)) return { ok: false, problem: 'it is not an object' };
  const checked = checkType(fieldOf(item, 'eventType') ?? null);
  if (!checked.ok) return { ok: false, problem: `the field "eventType" ${checked.problem}` };
  const id = fieldOf(item, 'id');
  if (typeof id !== 'string' || id === '') return { ok: false, problem: 'the field "id" is missing or not text' };
  const topic = fieldOf(item, 'topic');
  return {
    ok: true,
    event: {
      type: checked.type,
      // Of custom topics the publishers choose the ids, each for itself.
      externalId: readExternalId(typeof topic === 'string' ? `${topic} ${id}` : id, body),
      ...occurredAt(['eventTime', fieldOf(item, 'eventTime')]),
      context: presentFields({
        topic,
        subject: fieldOf(item, 'subject'),
        dataVersion: fieldOf(item, 'dataVersion'),
        metadataVersion: fieldOf(item, 'metadataVersion'),
      }),
      payload: fieldOf(item, 'data') ?? null,
    },
  };
}

function readItems(document: Json, body: Buffer): ReadEvents {
  if (!Array.isArray(document)) {
    return {
      ok: false,
      code: 'not_a_list',
      message: 'the body is not a list, which Event Grid posts even for one event',
    };
  }
  const events: EventDraft[] = [];
  for (const [i, item] of document.entries()) {
    const read = readItem(item, body);
    if (!read.ok) {
      const message = `event ${i + 1} of ${document.length}: ${read.problem}; none of them was taken`;
      return { ok: false, code: 'not_an_event', message };
    }
    events.push(read.event);
  }
  return { ok: true, events };
}

export const azureEventGrid: Preset = {
  info: {
    id: 'azure-event-grid',
    label: 'Azure Event Grid',
    system: 'azure-event-grid',
    description:
      'Event subscriptions with a web hook as endpoint, in the Event Grid schema or as CloudEvents 1.0. Event Grid signs ' +
      'nothing: put a key of your own at the end of the address that you give it, such as …?code=KEY, or into a header ' +
      'under Delivery Properties, marked as secret. The address must be HTTPS and answer while the subscription is ' +
      'being made, which this source does by itself.',
    fields: [...verification.fields, redactField],
    defaults: {
      methods: ['POST'],
      answerStatus: 200,
      // Event Grid repeats for up to 24 hours.
      rateLimit: highRateLimit,
      event: {},
      verify: { scheme: 'token' },
    },
    sample: {
      contentType: 'application/json',
      body: JSON.stringify(
        [
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
        null,
        2,
      ),
    },
  },
  // A batch has up to 1 MiB of events, and the brackets and commas around them.
  maxBodyBytes: 2 * 1024 * 1024,
  eventSchema,
  verifySchema: verification.schema,

  prepare(spec, readSecret) {
    const event = eventSchema.parse(spec.event ?? {});
    const redaction = createRedaction(event.redact ?? []);
    return {
      ...verification.prepare(spec.verify ?? {}, readSecret),
      handshake: (request, body) =>
        answerPermission(request, { rateLimit: spec.rateLimit ?? highRateLimit }) ??
        (request.method === 'POST' ? answerValidation(body) : null),
      read(request, body) {
        if (isCloudEvent(request)) return redactEvents(readCloudEvents(request, body), redaction);
        const json = requireJson(body);
        return json.ok ? redactEvents(readItems(json.value, request.body), redaction) : json;
      },
      redact: redaction.delivery,
    };
  },
};
