import { randomUUID } from 'node:crypto';
import { presentFields, requireJson } from '../body/json-object.ts';
import { noRateLimit } from '../default-rates.ts';
import { definePreset, noSettings } from '../define-preset.ts';
import { checkType, readExternalId } from '../events/event-fields.ts';
import { occurredAt } from '../events/event-time.ts';
import type { IncomingRequest } from '../source-types.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    { header: 'x-shopify-hmac-sha256', algorithm: 'sha256', encoding: 'base64', prefix: '' },
    {
      label: "Shopify's signature",
      secretLabel: 'Secret',
      secretHelp:
        'For webhooks created on the Notifications page of the shop: the key shown below their list. For webhooks ' +
        'of an app: its client secret.',
    },
  ),
  none,
);

/** A retry repeats the webhook's id. One action of a merchant can send several topics under the same event id. */
function readId({ headers, body }: IncomingRequest, type: string): string | null {
  const id = readExternalId(headers['x-shopify-webhook-id'], body);
  if (id !== null) return id;
  const eventId = headers['x-shopify-event-id'];
  return eventId ? readExternalId(`${type} ${eventId}`, body) : null;
}

export const shopify = definePreset({
  id: 'shopify',
  label: 'Shopify',
  description:
    'Webhooks of a shop or an app. In the shop: Settings, Notifications, Webhooks, Create webhook, format ' +
    'JSON, and the HTTPS address of this source as URL. Types are the topics, such as orders/create. Shopify ' +
    'waits five seconds for the answer and removes a webhook that fails for two days.',
  settings: noSettings,
  verification,
  defaults: {
    answerStatus: 200,
    // Eight retries, after which the subscription is removed.
    rateLimit: noRateLimit,
  },
  sample: {
    document: {
      id: 5501230044,
      admin_graphql_api_id: 'gid://shopify/Order/5501230044',
      name: '#1044',
      email: 'mila@example.com',
      created_at: '2026-01-31T09:00:00+01:00',
      updated_at: '2026-01-31T09:00:00+01:00',
      currency: 'EUR',
      total_price: '125.00',
      financial_status: 'paid',
      line_items: [{ id: 8801, title: 'Signal lamp', quantity: 2, price: '62.50' }],
    },
  },
  prepare({ redaction, verify }) {
    return {
      sign(request) {
        const signed = verify.sign(request);
        return signed === null
          ? null
          : {
              'x-shopify-topic': 'orders/create',
              'x-shopify-shop-domain': 'example.myshopify.com',
              'x-shopify-webhook-id': randomUUID(),
              ...signed,
            };
      },
      read(request, body) {
        const { headers } = request;
        const topic = headers['x-shopify-topic'];
        if (topic === undefined) {
          const message = 'the header x-shopify-topic is missing, which names the event';
          return { ok: false, code: 'type_not_found', message };
        }
        const checked = checkType(topic);
        if (!checked.ok) {
          return { ok: false, code: 'type_not_found', message: `the event type in x-shopify-topic ${checked.problem}` };
        }
        const json = requireJson(body);
        if (!json.ok) return json;
        return {
          ok: true,
          events: [
            {
              type: checked.type,
              externalId: readId(request, checked.type),
              ...occurredAt(['the header x-shopify-triggered-at', headers['x-shopify-triggered-at']]),
              context: presentFields({
                shop: headers['x-shopify-shop-domain'],
                apiVersion: headers['x-shopify-api-version'],
                eventId: headers['x-shopify-event-id'],
              }),
              payload: redaction.json(json.value),
            },
          ],
        };
      },
    };
  },
});
