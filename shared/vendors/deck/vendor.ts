import { asJson, given, isFields, isText, type Vendor } from '../vendor.ts';
import { deckTypes } from './types.ts';

export const deck: Vendor = {
  id: 'deck',
  types: deckTypes,
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, type }),
  stamp: (sample, { id, at }) => ({ ...sample, ...given({ id, created_at: at }) }),
  setup: ({ url }) => ({
    steps: [
      `In Deck, add an event destination with the address \`${url}\` and choose the events: exact types, or \`*\` for all.`,
      'Copy the destination’s signing secret, `whsec_…`, and set it under Settings.',
      'After a rotation, keep the old secret as the previous secret for 24 hours: Deck signs with both.',
    ],
    assumptions: [
      'How Deck verifies a new destination is not documented. Assumed: a signed POST that expects a 2xx, and its challenge back if it contains one.',
    ],
  }),
  recognition: {
    inFields: ({ object, type, data, created_at }) =>
      object === 'event' && isText(type) && isFields(data) && isText(created_at)
        ? '"object": "event" with type, data and created_at'
        : null,
  },
};
