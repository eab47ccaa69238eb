import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['message', 'Messages', 'A message was sent to the bot.'],
  ['edited_message', 'Messages', 'A message was edited.'],
  ['channel_post', 'Channels', 'A post was published in a channel.'],
  ['callback_query', 'Buttons', 'A button under a message was pressed.'],
  ['my_chat_member', 'Members', 'The membership of the bot in a chat was changed.'],
];

const sampleOf = (type: string): CatalogObject => ({
  update_id: 10_000_031,
  [type]: {
    message_id: 31,
    date: 1_769_846_400,
    chat: { id: 4409, type: 'private', first_name: 'Mila' },
    from: { id: 4409, is_bot: false, first_name: 'Mila' },
    text: '/weigh truck 4409',
  },
});

export const telegram: Vendor = {
  id: 'telegram',
  group: 'Messaging',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (_sample, type) => sampleOf(type),
  stamp: (sample, { id }) => ({ ...sample, ...given({ update_id: id }) }),
  setup: ({ url }) =>
    steps(
      'Choose a random secret token of letters and digits, and set it under Settings.',
      `Call \`https://api.telegram.org/bot<token>/setWebhook\` with url \`${url}\` and the same secret_token.`,
    ),
  recognition: {
    headers: ['x-telegram-bot-api-secret-token'],
    inFields: ({ update_id }) => (typeof update_id === 'number' ? 'the field update_id' : null),
  },
};
