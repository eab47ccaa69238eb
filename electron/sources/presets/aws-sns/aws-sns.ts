import type { Json } from '../../../../shared/contract/common.ts';
import type { DeliveryNote } from '../../../../shared/contract/deliveries.ts';
import { guardedGet } from '../../../outgoing/guarded-get.ts';
import { fieldOf, isJsonObject, type JsonObject, presentFields, requireJson } from '../../body/json-object.ts';
import { parseJson } from '../../body/json-text.ts';
import { highRateLimit } from '../../default-rates.ts';
import { definePreset, noSettings } from '../../define-preset.ts';
import { bodyPayload, readExternalId } from '../../events/event-fields.ts';
import { occurredAt } from '../../events/event-time.ts';
import { redactEvents } from '../../redact/redact-events.ts';
import type { IncomingRequest, Preset, ReadBody, ReadEvents } from '../../source-types.ts';
import { createSnsCertificates, type FetchBytes } from '../../verify/keys/sns-certificates.ts';
import { addressKey } from '../../verify/schemes/address-key.ts';
import { none } from '../../verify/schemes/none.ts';
import { defineSns, isRawDelivery } from '../../verify/schemes/sns.ts';
import { offerSchemes } from '../../verify/verify-choice.ts';

const types = ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation'];

/** A message that is JSON becomes what it says; a number or a word stays the text it was published as. */
function readMessage(message: Json | undefined): {
  value: Json | undefined;
  notes?: readonly DeliveryNote[] | undefined;
} {
  if (typeof message !== 'string' || !/^\s*[[{]/.test(message)) return { value: message };
  const parsed = parseJson(message, 'The field "Message"');
  return parsed.ok ? parsed : { value: message };
}

/** `arn:aws:sns:eu-west-1:123456789012:orders` in its parts. */
function contextOf(arn: string, document: JsonObject): JsonObject {
  const [, , , region, account, topic] = arn.split(':');
  return presentFields({ topicArn: arn, topic, region, account, subject: document.Subject ?? undefined });
}

/** A message that SNS delivers as it was published; what is known of it beside is in the headers. */
function readRaw({ headers, body: bytes }: IncomingRequest, body: ReadBody): ReadEvents {
  const arn = headers['x-amz-sns-topic-arn'];
  const type = types.find((each) => each === headers['x-amz-sns-message-type']) ?? 'Notification';
  return {
    ok: true,
    events: [
      {
        type: `sns.${type}`,
        externalId: readExternalId(headers['x-amz-sns-message-id'], bytes),
        occurredAtMs: null,
        context: { ...(arn === undefined ? {} : contextOf(arn, {})), raw: true },
        payload: body.kind === 'problem' ? { data_base64: bytes.toString('base64') } : bodyPayload(body),
      },
    ],
  };
}

function readDocument(document: Json, body: Buffer): ReadEvents {
  const type = fieldOf(document, 'Type');
  const topicArn = fieldOf(document, 'TopicArn');
  if (!isJsonObject(document) || typeof type !== 'string' || !types.includes(type) || typeof topicArn !== 'string') {
    const message = `the body is no message of SNS: it lacks "TopicArn" or a "Type" of ${types.join(', ')}`;
    return { ok: false, code: 'not_an_event', message };
  }
  const { value: message, notes } = readMessage(document.Message);
  return {
    ok: true,
    notes,
    events: [
      {
        type: `sns.${type}`,
        externalId: readExternalId(document.MessageId, body),
        ...occurredAt(['Timestamp', document.Timestamp]),
        context: contextOf(topicArn, document),
        payload: message === undefined ? document : { ...document, Message: message },
      },
    ],
  };
}

/** `fetchBytes` gets the certificates of Amazon. */
export function createAwsSns(fetchBytes: FetchBytes): Preset {
  const verification = offerSchemes(defineSns(createSnsCertificates(fetchBytes)), addressKey('key'), none);
  return definePreset({
    id: 'aws-sns',
    label: 'Amazon SNS',
    description:
      'HTTPS subscriptions of a topic. In SNS: Create subscription, protocol HTTPS, and the address of this ' +
      'source as endpoint. SNS sends a confirmation, stored as the event sns.SubscriptionConfirmation, and ' +
      'delivers nothing until an operator confirms it here. A message in JSON is parsed under payload.Message. ' +
      'Messages with raw message delivery are not signed: add a token to the end of the address instead, such as ' +
      '…?key=TOKEN; the payload is then only the message. Certificates are fetched from ' +
      'sns.<region>.amazonaws.com (or .cn), so this machine must be able to reach it.',
    settings: noSettings,
    verification,
    defaults: {
      answerStatus: 200,
      // SNS repeats what is answered 429, unless its delivery policy says otherwise.
      rateLimit: highRateLimit,
      verify: { scheme: 'sns', topics: [] },
    },
    sample: {
      contentType: 'text/plain; charset=UTF-8',
      document: {
        Type: 'Notification',
        MessageId: '31d0c7e5-4409-5f00-8c1d-2e3f4a5b6c7d',
        TopicArn: 'arn:aws:sns:eu-west-1:310000004409:depot-orders',
        Subject: 'Order 1044',
        Message: '{"order":1044,"state":"paid","total":125}',
        Timestamp: '2026-01-31T08:00:00.000Z',
        SignatureVersion: '2',
        Signature: 'EXAMPLE',
        SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-example.pem',
        UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
      },
    },
    prepare({ redaction }) {
      return {
        read(request, body) {
          if (isRawDelivery(request)) return redactEvents(readRaw(request, body), redaction);
          const json = requireJson(body);
          return json.ok ? redactEvents(readDocument(json.value, request.body), redaction) : json;
        },
      };
    },
  });
}

/** Amazon's certificates have less than 3 KiB. SNS waits 15 s for an answer, of which this may take a third. */
export const awsSns: Preset = createAwsSns((url) => guardedGet(url, { maxBytes: 64 * 1024, timeoutMs: 5000 }));
