import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['stream.online', 'Streams', 'A stream went online.'],
  ['stream.offline', 'Streams', 'A stream went offline.'],
  ['channel.follow', 'Channels', 'A channel got a new follower.'],
  ['channel.subscribe', 'Channels', 'A channel got a new subscriber.'],
  ['channel.update', 'Channels', 'The properties of a channel were changed.'],
  ['user.update', 'Users', 'An account was changed.'],
];

const sampleOf = (type: string): CatalogObject => ({
  subscription: {
    id: 'f1c2a387-161a-49f9-a165-0f21d7a4e1c4',
    type,
    version: '1',
    status: 'enabled',
    condition: { broadcaster_user_id: '4409' },
  },
  event: { broadcaster_user_id: '4409' },
});

export const twitch: Vendor = {
  id: 'twitch',
  group: 'Messaging',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (_sample, type) => sampleOf(type),
  setup: ({ url }) =>
    steps(
      'Choose a random secret of 10 to 100 characters and set it under Settings first.',
      `Create the subscription: POST \`https://api.twitch.tv/helix/eventsub/subscriptions\` with transport.method webhook, transport.callback \`${url}\` and the same transport.secret. The challenge is answered automatically.`,
    ),
  recognition: { headers: ['twitch-eventsub-message-id'] },
};
