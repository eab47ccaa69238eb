import { fieldOf } from '../body/json-object.ts';
import { contentId, defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    {
      header: 'x-zm-signature',
      prefix: 'v0=',
      signed: 'v0:{timestamp}:{body}',
      time: { header: 'x-zm-request-timestamp' },
    },
    {
      label: "Zoom's signature",
      secretLabel: 'Secret token',
      secretHelp: 'From the Features page of the app in the Zoom App Marketplace. Not the verification token.',
    },
  ),
  none,
);

export const zoom = defineJsonPreset({
  id: 'zoom',
  label: 'Zoom',
  description:
    'Event subscriptions of a Zoom app. In the Zoom App Marketplace: Features, Event Subscriptions. Set the secret ' +
    'token here first, then paste the address of this source as Event notification endpoint URL and validate it: ' +
    'the challenge is answered automatically.',
  verification,
  // Without a secret there is nothing to answer with.
  challenge: ({ verify }) => (verify?.scheme === 'none' ? null : { hmacOf: 'plainToken' }),
  sample: {
    document: {
      event: 'meeting.started',
      event_ts: 1769846400000,
      payload: {
        account_id: 'aDepot31',
        object: {
          id: '1234567890',
          uuid: 'a+Depot==',
          topic: 'Yard',
          type: 2,
          host_id: 'u31',
          start_time: '2026-01-31T08:00:00Z',
        },
      },
    },
  },
  typeIn: '"event"',
  type: ({ item }) => fieldOf(item, 'event'),
  externalId: ({ item }) => contentId(item),
  time: ({ item }) => ['event_ts', fieldOf(item, 'event_ts')],
  context: ({ item }) => ({ account: fieldOf(fieldOf(item, 'payload'), 'account_id') }),
});
