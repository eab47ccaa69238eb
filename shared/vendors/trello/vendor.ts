import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, objectIn, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['createCard', 'Cards', 'A card was created.'],
  ['updateCard', 'Cards', 'A card was changed.'],
  ['deleteCard', 'Cards', 'A card was deleted.'],
  ['commentCard', 'Cards', 'A comment was added to a card.'],
  ['addMemberToCard', 'Cards', 'A member was added to a card.'],
  ['createList', 'Lists', 'A list was created.'],
  ['updateBoard', 'Boards', 'A board was changed.'],
];

const sampleOf = (type: string): CatalogObject => ({
  model: { id: '4d5ea62fd76aa1136000000c', name: 'Yard' },
  action: {
    id: `action-${type}`,
    idMemberCreator: '4fc78a59a885233f4b349bd9',
    type,
    date: '2026-01-31T08:00:00.000Z',
    data: { card: { id: '51a79e72dbb7e23c7c003778', name: 'Weigh truck 4409' } },
  },
});

export const trello: Vendor = {
  id: 'trello',
  group: 'Work',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, action: { ...objectIn(sample, 'action'), type } }),
  stamp: (sample, { id, at }) => ({ ...sample, action: { ...objectIn(sample, 'action'), ...given({ id, date: at }) } }),
  setup: ({ url }) =>
    steps(
      `Create the webhook with the API: POST \`https://api.trello.com/1/webhooks\` with callbackURL \`${url}\` and the idModel of the board. Trello checks the address with HEAD, which is answered automatically.`,
      'Set the API secret of the API key under Settings. The callback URL must be the public address in the settings, since Trello signs it.',
    ),
  recognition: { headers: ['x-trello-webhook'] },
};
