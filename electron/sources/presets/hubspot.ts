import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    {
      header: 'x-hubspot-signature-v3',
      encoding: 'base64',
      signed: '{method}{url}{body}{timestamp}',
      time: { header: 'x-hubspot-request-timestamp', unit: 'ms' },
    },
    {
      label: "HubSpot's signature (v3)",
      secretLabel: 'Client secret',
      secretHelp:
        'From the Auth page of the app. HubSpot signs the target URL too, which must be the public address in the ' +
        'settings, or what the Host header says.',
    },
  ),
  none,
);

export const hubspot = defineJsonPreset({
  id: 'hubspot',
  label: 'HubSpot',
  description:
    'Webhook subscriptions of a HubSpot app. In the app: Webhooks, target URL: the address of this source. One ' +
    'delivery holds up to 100 events. Types are those of the subscriptions, such as contact.creation.',
  verification,
  defaults: { answerStatus: 200 },
  sample: {
    document: [
      {
        eventId: 100,
        subscriptionId: 12345,
        portalId: 62515,
        appId: 54321,
        occurredAt: 1769846400000,
        subscriptionType: 'contact.creation',
        attemptNumber: 0,
        objectId: 123,
        changeSource: 'CRM',
        changeFlag: 'NEW',
      },
    ],
  },
  split: (document) => (Array.isArray(document) ? document : [document]),
  typeIn: '"subscriptionType"',
  type: ({ item }) => fieldOf(item, 'subscriptionType'),
  // The event's id alone is not unique.
  externalId: ({ item }) => {
    const parts = ['portalId', 'subscriptionId', 'eventId', 'objectId', 'occurredAt'].map((name) =>
      fieldOf(item, name),
    );
    return parts[2] === undefined ? undefined : parts.map((part) => String(part ?? '')).join('-');
  },
  time: ({ item }) => ['occurredAt', fieldOf(item, 'occurredAt')],
  context: ({ item }) => ({
    portal: fieldOf(item, 'portalId'),
    app: fieldOf(item, 'appId'),
    object: fieldOf(item, 'objectId'),
    source: fieldOf(item, 'changeSource'),
  }),
});
