import { z } from 'zod';
import { highRateLimit } from '../../default-rates.ts';
import { definePreset } from '../../define-preset.ts';
import { redactEvents } from '../../redact/redact-events.ts';
import { accessToken } from '../../verify/schemes/access-token.ts';
import { none } from '../../verify/schemes/none.ts';
import { standardWebhooks } from '../../verify/schemes/standard-webhooks.ts';
import { offerSchemes } from '../../verify/verify-choice.ts';
import { readCloudEvents } from './cloudevent-modes.ts';
import { answerPermission } from './webhook-permission.ts';

const eventSchema = z.strictObject({
  origins: z
    .array(z.string().min(1, 'must not be empty').max(253, 'must be at most 253 characters'))
    .max(50)
    .optional(),
  strict: z.boolean().optional(),
});

const verification = offerSchemes(accessToken, standardWebhooks, none);

export const cloudevents = definePreset({
  id: 'cloudevents',
  label: 'CloudEvents',
  description:
    'For senders of CloudEvents 1.0 over HTTP: single events (binary or structured) or batches in JSON. ' +
    'Attributes and extensions become the context, such as context.subject; the data becomes the payload. ' +
    'Validation requests (OPTIONS) are answered with the permitted rate. An event needs specversion, id, ' +
    'source and type. Other violations are accepted and noted; in a batch, only invalid events are skipped.',
  settings: eventSchema,
  fields: ({ verification, redact }) => [
    ...verification,
    {
      path: 'event.origins',
      label: 'Origins',
      kind: 'list',
      example: 'eventgrid.azure.net',
      help: 'Origins that are allowed to deliver, as named in the validation request. Leave empty to allow any origin.',
    },
    {
      path: 'event.strict',
      label: 'Strict',
      kind: 'boolean',
      help:
        'Refuses anything that violates CloudEvents 1.0 with 422, such as an extension named event_source or a ' +
        'time without a zone. A batch is refused as a whole.',
    },
    redact,
  ],
  verification,
  defaults: {
    answerStatus: 202,
    // Its web hook protocol has 429 and tells the limit to those who ask first. Brokers repeat; plain clients may not.
    rateLimit: highRateLimit,
  },
  sample: {
    contentType: 'application/cloudevents+json',
    document: {
      specversion: '1.0',
      id: '7f2e4c1a-depot-31',
      source: '/harbor/depot/scales',
      type: 'works.harbor.weighing.finished',
      subject: 'truck/HH-D-4409',
      time: '2026-01-31T08:00:00Z',
      datacontenttype: 'application/json',
      data: { grossKg: 18240, tareKg: 7410, netKg: 10830 },
    },
  },
  prepare({ spec, event, redaction }) {
    const permission = { rateLimit: spec.rateLimit ?? highRateLimit, origins: event.origins };
    return {
      handshake: (request) => answerPermission(request, permission),
      read: (request, body) => redactEvents(readCloudEvents(request, body, event.strict === true), redaction),
    };
  },
});
