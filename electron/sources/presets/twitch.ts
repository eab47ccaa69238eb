import { isVerified } from '../answer/challenge.ts';
import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const header = 'twitch-eventsub-message-';

const verification = offerSchemes(
  fixScheme(
    hmac,
    {
      header: `${header}signature`,
      prefix: 'sha256=',
      signed: '{id}{timestamp}{body}',
      id: { header: `${header}id` },
      time: { header: `${header}timestamp`, unit: 'iso' },
    },
    {
      label: "Twitch's signature",
      secretLabel: 'Secret',
      secretHelp: 'The transport.secret that the subscription is created with: 10 to 100 characters.',
      tolerance: '10m',
    },
  ),
  none,
);

export const twitch = defineJsonPreset({
  id: 'twitch',
  label: 'Twitch EventSub',
  description:
    'EventSub subscriptions with the transport webhook. Set the secret here first, then create the subscription with ' +
    'the address of this source as callback and the same secret: the challenge is answered automatically. Types are ' +
    'those of the subscriptions, such as stream.online, and revocation.',
  verification,
  sample: {
    document: {
      subscription: {
        id: 'f1c2a387-161a-49f9-a165-0f21d7a4e1c4',
        type: 'stream.online',
        version: '1',
        status: 'enabled',
        condition: { broadcaster_user_id: '4409' },
        created_at: '2026-01-30T08:00:00.000Z',
      },
      event: { id: '9001', broadcaster_user_id: '4409', type: 'live', started_at: '2026-01-31T08:00:00Z' },
    },
  },
  typeIn: '"subscription.type"',
  type: ({ item, request }) =>
    request.headers[`${header}type`] === 'revocation' ? 'revocation' : fieldOf(fieldOf(item, 'subscription'), 'type'),
  externalId: ({ request }) => request.headers[`${header}id`],
  time: ({ request }) => [`the header ${header}timestamp`, request.headers[`${header}timestamp`]],
  context({ item }) {
    const subscription = fieldOf(item, 'subscription');
    return {
      subscription: fieldOf(subscription, 'id'),
      status: fieldOf(subscription, 'status'),
      condition: fieldOf(subscription, 'condition'),
    };
  },
  prepare: (verify) => ({
    async handshake(request, body) {
      if (request.headers[`${header}type`] !== 'webhook_callback_verification' || body.kind !== 'json') return null;
      const challenge = fieldOf(body.value, 'challenge');
      if (typeof challenge !== 'string' || !(await isVerified(verify.verify, request))) return null;
      return {
        status: 200,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: challenge,
        tried: 'Twitch checked the address. Its challenge was answered.',
      };
    },
  }),
});
