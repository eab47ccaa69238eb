import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, objectIn, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['accepted', 'Delivery', 'A message was accepted for delivery.'],
  ['delivered', 'Delivery', 'A message was delivered.'],
  ['failed', 'Delivery', 'A message could not be delivered.'],
  ['opened', 'Engagement', 'A message was opened.'],
  ['clicked', 'Engagement', 'A link in a message was clicked.'],
  ['unsubscribed', 'Engagement', 'A recipient unsubscribed.'],
  ['complained', 'Engagement', 'A message was reported as spam.'],
];

const sampleOf = (type: string): CatalogObject => ({
  signature: { timestamp: '1769846400', token: '31'.repeat(25), signature: '00'.repeat(32) },
  'event-data': {
    id: `event-${type}`,
    event: type,
    timestamp: 1_769_846_400.5,
    recipient: 'mila@example.com',
  },
});

export const mailgun: Vendor = {
  id: 'mailgun',
  group: 'Messaging',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, 'event-data': { ...objectIn(sample, 'event-data'), event: type } }),
  stamp: (sample, { id, seconds }) => ({
    ...sample,
    'event-data': { ...objectIn(sample, 'event-data'), ...given({ id, timestamp: seconds }) },
  }),
  setup: ({ url }) =>
    steps(
      'Mailgun → Settings → API Security: copy the HTTP webhook signing key and set it under Settings.',
      `Send → Sending → Webhooks → Add webhook: \`${url}\`.`,
    ),
  recognition: {
    inFields: (fields) =>
      'event-data' in fields && 'signature' in fields ? 'the fields event-data and signature' : null,
  },
};
