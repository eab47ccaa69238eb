import type { Json } from '../../../shared/contract/common.ts';
import { fieldOf, isJsonObject } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { none } from '../verify/schemes/none.ts';
import { token } from '../verify/schemes/token.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    token,
    { header: 'x-telegram-bot-api-secret-token' },
    {
      label: 'Secret token',
      secretLabel: 'Secret token',
      secretHelp: 'The secret_token that setWebhook is called with: 1 to 256 letters, digits, _ and -.',
    },
  ),
  none,
);

/** The one field of an update beside its id. */
const kindOf = (item: Json): string | undefined =>
  isJsonObject(item) ? Object.keys(item).find((name) => name !== 'update_id') : undefined;

export const telegram = defineJsonPreset({
  id: 'telegram',
  label: 'Telegram',
  description:
    'Updates of a Telegram bot. Call setWebhook with the address of this source as url and a random secret_token, ' +
    'which is set here too. Types are the kinds of update, such as message or callback_query.',
  verification,
  response: { body: '' },
  sample: {
    document: {
      update_id: 10000031,
      message: {
        message_id: 31,
        date: 1769846400,
        chat: { id: 4409, type: 'private', first_name: 'Mila' },
        from: { id: 4409, is_bot: false, first_name: 'Mila' },
        text: '/weigh truck 4409',
      },
    },
  },
  typeIn: 'the update',
  type: ({ item }) => (fieldOf(item, 'update_id') === undefined ? undefined : kindOf(item)),
  externalId: ({ item }) => fieldOf(item, 'update_id'),
  time({ item }) {
    const kind = kindOf(item) ?? '';
    return [`${kind}.date`, fieldOf(fieldOf(item, kind), 'date')];
  },
  context({ item }) {
    const update = fieldOf(item, kindOf(item) ?? '');
    const chat = fieldOf(update, 'chat') ?? fieldOf(fieldOf(update, 'message'), 'chat');
    return { chat: fieldOf(chat, 'id'), from: fieldOf(fieldOf(update, 'from'), 'id') };
  },
});
