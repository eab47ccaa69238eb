import { z } from 'zod';
import { highRateLimit } from '../default-rates.ts';
import { bodyPayload, guessType, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';
import type { Preset } from '../source-types.ts';
import { none } from '../verify/schemes/none.ts';
import { readWebhookHeaders, standardWebhooks as standardWebhooksScheme } from '../verify/schemes/standard-webhooks.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const eventSchema = z.strictObject({});
const verification = offerSchemes(standardWebhooksScheme, none);

/** Senders that keep to Standard Webhooks 1.0: `{type, timestamp, data}` in the body, id and signature in headers. */
export const standardWebhooks: Preset = {
  info: {
    id: 'standard-webhooks',
    label: 'Standard Webhooks',
    system: 'standard-webhooks',
    description:
      'For senders that follow Standard Webhooks, Svix among them. Id, time and signature are read from the webhook-… or svix-… headers.',
    fields: verification.fields,
    defaults: {
      methods: ['POST'],
      answerStatus: 202,
      // The specification asks senders to repeat with growing pauses, for days.
      rateLimit: highRateLimit,
      event: {},
      verify: { scheme: 'standard-webhooks' },
    },
    sample: {
      contentType: 'application/json',
      body: JSON.stringify(
        { type: 'contact.created', timestamp: '2026-01-31T08:00:00Z', data: { id: 'ct_1001', name: 'Ada' } },
        null,
        2,
      ),
    },
  },
  eventSchema,
  verifySchema: verification.schema,

  prepare(spec, readSecret) {
    return {
      ...verification.prepare(spec.verify ?? {}, readSecret),
      read(request, body) {
        if (body.kind === 'problem') return { ok: false, code: 'unreadable_body', message: body.message };
        const payload = bodyPayload(body);
        const { id, timestamp } = readWebhookHeaders(request.headers);
        const inBody =
          body.kind === 'json' && typeof payload === 'object' && payload !== null && 'timestamp' in payload;
        return {
          ok: true,
          events: [
            {
              type: guessType(payload, spec.slug),
              externalId: readExternalId(id, request.body),
              ...occurredAt(
                ['timestamp', inBody ? payload.timestamp : undefined],
                ['the header webhook-timestamp', timestamp],
              ),
              context: {},
              payload,
            },
          ],
        };
      },
    };
  },
};
