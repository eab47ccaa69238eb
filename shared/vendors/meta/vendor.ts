import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, isText, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['page.feed', 'Pages', 'A post of a page was changed.'],
  ['page.messages', 'Messenger', 'A message was sent to a page.'],
  ['page.leadgen', 'Pages', 'A lead was created.'],
  ['instagram.comments', 'Instagram', 'A comment was added to a post.'],
  ['instagram.messages', 'Instagram', 'A message was sent to an Instagram account.'],
  ['whatsapp_business_account.messages', 'WhatsApp', 'A message was received, or its status changed.'],
  ['user.photos', 'Users', 'Photos of a user were changed.'],
];

const sampleOf = (type: string): CatalogObject => ({
  object: type.split('.')[0] ?? 'page',
  entry: [
    {
      id: '100310000004409',
      time: 1_769_846_400,
      changes: [{ field: type.split('.')[1] ?? 'feed', value: { id: 'sample' } }],
    },
  ],
});

export const meta: Vendor = {
  id: 'meta',
  group: 'Messaging',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (_sample, type) => sampleOf(type),
  stamp: (sample, { seconds, id }) => {
    const [first] = Array.isArray(sample.entry) ? sample.entry : [];
    const entry = typeof first === 'object' && first !== null && !Array.isArray(first) ? first : {};
    return { ...sample, entry: [{ ...entry, ...given({ time: seconds, id }) }] };
  },
  setup: ({ url }) =>
    steps(
      'App dashboard → App settings → Basic: copy the app secret and set it under Settings, with a verify token of your choice.',
      `Webhooks → choose the object → Subscribe to this object: Callback URL \`${url}\` and the same verify token. The challenge is answered automatically.`,
      'Subscribe to the fields.',
    ),
  recognition: {
    inFields: ({ object, entry }) => (isText(object) && Array.isArray(entry) ? 'the fields object and entry' : null),
  },
};
