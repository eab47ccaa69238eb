import { highRateLimit } from '../default-rates.ts';
import { definePreset, noSettings } from '../define-preset.ts';
import { bodyPayload, guessType, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';

import { none } from '../verify/schemes/none.ts';
import { readWebhookHeaders, standardWebhooks as standardWebhooksScheme } from '../verify/schemes/standard-webhooks.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(standardWebhooksScheme, none);

/** Senders that keep to Standard Webhooks 1.0: `{type, timestamp, data}` in the body, id and signature in headers. */
export const standardWebhooks = definePreset({
  id: 'standard-webhooks',
  label: 'Standard Webhooks',
  description:
    'For senders that follow Standard Webhooks, including Svix. The ID, time and signature are read from the ' +
    'webhook-… or svix-… headers.',
  settings: noSettings,
  verification,
  defaults: {
    answerStatus: 202,
    // The specification asks senders to repeat with growing pauses, for days.
    rateLimit: highRateLimit,
  },
  sample: {
    document: { type: 'contact.created', timestamp: '2026-01-31T08:00:00Z', data: { id: 'ct_1001', name: 'Ada' } },
  },
  masks: false,
  prepare({ spec }) {
    return {
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
});
