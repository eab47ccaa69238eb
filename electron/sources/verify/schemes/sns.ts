import { verify as verifySignature } from 'node:crypto';
import { z } from 'zod';
import { durationMs } from '../../../../shared/contract/duration.ts';
import type { Verification } from '../../../../shared/contract/events.ts';
import { isJsonObject } from '../../body/json-object.ts';
import { decodeUtf8, parseJson } from '../../body/json-text.ts';
import { readTimeMs } from '../../events/event-time.ts';
import type { IncomingRequest, Verified } from '../../source-types.ts';
import { readCertificateUrl, type SnsCertificates } from '../keys/sns-certificates.ts';
import { decodeSignature } from '../signature-text.ts';
import { checkAge, toleranceField, toleranceSchema } from '../tolerance.ts';
import { defineScheme } from '../verify-scheme.ts';

const topicSchema = z
  .string()
  .regex(
    /^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:(?:[A-Za-z0-9_-]{1,256}(?:\.fifo)?|\*)$/,
    'must be the ARN of a topic, such as arn:aws:sns:eu-west-1:123456789012:orders, or end with :* for all of an account',
  );

const schema = z.strictObject({
  scheme: z.literal('sns'),
  topics: z
    .array(topicSchema, { error: 'must list the ARNs of the topics that may deliver here' })
    .min(1, 'must list at least one topic')
    .max(100, 'must be at most 100'),
  // SNS signs when a message is published, and by default tries for about an hour to deliver it.
  tolerance: toleranceSchema.default('1h'),
});

const messageSchema = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  Subject: z.string().nullish(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  Signature: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  SigningCertURL: z.string(),
});
type SnsMessage = z.infer<typeof messageSchema>;

/** Names and values in the order of the alphabet, each on its line; a subject only where there is one. */
export function signedText(message: SnsMessage): string {
  const { Message, MessageId, Subject, SubscribeURL, Timestamp, Token, TopicArn, Type } = message;
  const fields =
    Type === 'Notification'
      ? { Message, MessageId, Subject, Timestamp, TopicArn, Type }
      : { Message, MessageId, SubscribeURL, Timestamp, Token, TopicArn, Type };
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
}

/** The subscription leaves the envelope out, and with it the signature. */
export const isRawDelivery = ({ headers }: IncomingRequest): boolean => headers['x-amz-sns-rawdelivery'] === 'true';

const refuse = (code: string, message: string): Verified => ({ ok: false, code, message });

function readMessage(request: IncomingRequest): { ok: true; message: SnsMessage } | { ok: false; refusal: Verified } {
  if (isRawDelivery(request)) {
    const message =
      'the subscription uses raw message delivery, which leaves the signature out: turn it off in SNS, or verify this source by a token in its address';
    return { ok: false, refusal: refuse('signature_missing', message) };
  }
  const text = decodeUtf8(request.body);
  const parsed = text === null ? null : parseJson(text);
  if (!parsed?.ok || !isJsonObject(parsed.value)) {
    return {
      ok: false,
      refusal: refuse('signature_missing', 'the body is no message of SNS, which would hold the signature'),
    };
  }
  const message = messageSchema.safeParse(parsed.value);
  if (message.success) return { ok: true, message: message.data };
  const names = [...new Set(message.error.issues.map((issue) => issue.path.join('.')))].join(', ');
  const isMissing = !Object.hasOwn(parsed.value, 'Signature');
  const code = isMissing ? 'signature_missing' : 'signature_malformed';
  return { ok: false, refusal: refuse(code, `missing in the message of SNS, or not as it should be: ${names}`) };
}

/**
 * The signature of Amazon SNS: RSA over some fields of the message, with a certificate that the message names. It proves
 * only that SNS sent it, on behalf of any of its customers; hence the list of topics.
 */
export const defineSns = (certificates: SnsCertificates) =>
  defineScheme({
    id: 'sns',
    label: "Amazon's signature",
    schema,
    fields: [
      {
        path: 'verify.topics',
        label: 'Topics',
        kind: 'list',
        example: 'arn:aws:sns:eu-west-1:123456789012:orders',
        required: true,
        help:
          'ARNs of the topics that are allowed to deliver. The signature alone would allow every topic of every AWS ' +
          'customer. :* at the end matches all topics of an account and region.',
      },
      toleranceField('1h'),
    ],
    prepare({ topics, tolerance }) {
      const toleranceMs = durationMs(tolerance);
      const isListed = (arn: string): boolean =>
        topics.some((topic) => (topic.endsWith(':*') ? arn.startsWith(topic.slice(0, -1)) : topic === arn));

      return {
        async verify(request) {
          const read = readMessage(request);
          if (!read.ok) return read.refusal;
          const { message } = read;
          // All that costs nothing comes before the certificate, which strangers could else make us fetch.
          if (!isListed(message.TopicArn)) {
            return refuse(
              'topic_not_listed',
              `the topic ${message.TopicArn.slice(0, 300)} is not listed in this source`,
            );
          }
          const signedAtMs = readTimeMs(message.Timestamp);
          if (signedAtMs === null) return refuse('timestamp_malformed', 'the field "Timestamp" is not a time');
          const untimely = checkAge(signedAtMs, request.receivedAtMs, toleranceMs);
          if (untimely !== null) return { ok: false, ...untimely };
          const signature = decodeSignature(message.Signature, 'base64');
          if (signature === null) return refuse('signature_malformed', 'the field "Signature" is not base64');
          const url = readCertificateUrl(message.SigningCertURL);
          if (url === null) {
            return refuse(
              'certificate_not_amazon',
              'the field "SigningCertURL" is not an address of Amazon SNS by HTTPS',
            );
          }
          const key = await certificates.keyAt(url, request.receivedAtMs);
          const algorithm = message.SignatureVersion === '1' ? 'sha1' : 'sha256';
          if (!verifySignature(algorithm, Buffer.from(signedText(message), 'utf8'), key, signature)) {
            const what = 'the signature does not match the message: something on the way changes it, or it is forged';
            return refuse('signature_mismatch', what);
          }
          const verification: Verification = {
            state: 'verified',
            scheme: 'sns',
            detail: `version ${message.SignatureVersion}`,
          };
          return { ok: true, verification };
        },
        sign: () => null,
        problem: () => null,
        challenge: 'SNS',
        isOpen: false,
        codesWithoutBody: [],
        masking: { clearHeaders: [], clearQuery: [], keepHeaders: [] },
      };
    },
  });
