import { type CatalogObject, entry } from '../catalog-types.ts';
import { asList, given, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['processed', 'Delivery', 'A message was accepted for delivery.'],
  ['delivered', 'Delivery', 'A message was delivered.'],
  ['bounce', 'Delivery', 'A message bounced.'],
  ['dropped', 'Delivery', 'A message was dropped.'],
  ['open', 'Engagement', 'A message was opened.'],
  ['click', 'Engagement', 'A link in a message was clicked.'],
  ['spamreport', 'Engagement', 'A message was reported as spam.'],
  ['unsubscribe', 'Engagement', 'A recipient unsubscribed.'],
];

const sampleOf = (type: string): CatalogObject => ({
  email: 'mila@example.com',
  timestamp: 1_769_846_400,
  event: type,
  sg_event_id: `event-${type}`,
  sg_message_id: '14c5d75ce93.dfd.64b469.filter0001',
});

export const sendgrid: Vendor = {
  id: 'sendgrid',
  group: 'Messaging',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { list: asList() },
  rename: (sample, type) => ({ ...sample, event: type }),
  stamp: (sample, { id, seconds }) => ({ ...sample, ...given({ sg_event_id: id, timestamp: seconds }) }),
  setup: ({ url }) =>
    steps(
      `SendGrid → Settings → Mail Settings → Event Webhooks → Create new webhook: Post URL \`${url}\`, and the events.`,
      'Enable Signed Event Webhook, copy the verification key and set it under Settings.',
    ),
  recognition: { headers: ['x-twilio-email-event-webhook-signature'] },
};
