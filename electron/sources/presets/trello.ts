import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { fixScheme } from '../verify/schemes/fixed-scheme.ts';
import { hmac } from '../verify/schemes/hmac.ts';
import { none } from '../verify/schemes/none.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

const verification = offerSchemes(
  fixScheme(
    hmac,
    { header: 'x-trello-webhook', algorithm: 'sha1', encoding: 'base64', signed: '{body}{url}' },
    {
      label: "Trello's signature",
      secretLabel: 'API secret',
      secretHelp:
        'The secret of the API key that created the webhook. Trello signs its callback URL too, which must be the ' +
        'public address in the settings, or what the Host header says.',
    },
  ),
  none,
);

export const trello = defineJsonPreset({
  id: 'trello',
  label: 'Trello',
  description:
    'Webhooks of a board, a list, a card or a member. Create one with POST /1/webhooks and the address of this source ' +
    'as callbackURL; Trello checks it with HEAD, which is answered automatically. Types are those of the actions, such ' +
    'as updateCard.',
  verification,
  sample: {
    document: {
      model: { id: '4d5ea62fd76aa1136000000c', name: 'Yard' },
      action: {
        id: '51f9424bcd6e040f3c002412',
        idMemberCreator: '4fc78a59a885233f4b349bd9',
        type: 'updateCard',
        date: '2026-01-31T08:00:00.000Z',
        data: {
          card: { id: '51a79e72dbb7e23c7c003778', name: 'Weigh truck 4409' },
          board: { id: '4d5ea62fd76aa1136000000c' },
        },
      },
    },
  },
  typeIn: '"action.type"',
  type: ({ item }) => fieldOf(fieldOf(item, 'action'), 'type'),
  externalId: ({ item }) => fieldOf(fieldOf(item, 'action'), 'id'),
  time: ({ item }) => ['action.date', fieldOf(fieldOf(item, 'action'), 'date')],
  context: ({ item }) => ({
    model: fieldOf(fieldOf(item, 'model'), 'id'),
    board: fieldOf(fieldOf(fieldOf(fieldOf(item, 'action'), 'data'), 'board'), 'id'),
    member: fieldOf(fieldOf(item, 'action'), 'idMemberCreator'),
  }),
});
