import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    { header: 'x-square-hmacsha256-signature', encoding: 'base64', signed: '{url}{body}' },
    {
      label: "Square's signature",
      secretLabel: 'Signature key',
      secretHelp:
        'From the page of the webhook subscription in the Square Developer Console. Square signs its notification URL ' +
        'too, which must be the public address in the settings, or what the Host header says.',
    },
  ),
  none,
);

export const square = defineJsonPreset({
  id: 'square',
  label: 'Square',
  description:
    'Webhook subscriptions of a Square application. In the Square Developer Console: Webhooks, Subscriptions, Add ' +
    'subscription. Paste the address of this source as notification URL and copy the signature key.',
  verification,
  sample: {
    document: {
      merchant_id: 'MLDEPOT31',
      type: 'payment.updated',
      event_id: '6a8f5f28-54a1-4eb0-a98a-3111513fd4fc',
      created_at: '2026-01-31T08:00:00.000Z',
      data: { type: 'payment', id: 'hYy9pRFVxpDsO1FB05SunFWUe9JZY', object: { payment: { status: 'COMPLETED' } } },
    },
  },
  typeIn: '"type"',
  type: ({ item }) => fieldOf(item, 'type'),
  externalId: ({ item }) => fieldOf(item, 'event_id'),
  time: ({ item }) => ['created_at', fieldOf(item, 'created_at')],
  context: ({ item }) => ({
    merchant: fieldOf(item, 'merchant_id'),
    location: fieldOf(item, 'location_id'),
    object: fieldOf(fieldOf(item, 'data'), 'id'),
  }),
});
