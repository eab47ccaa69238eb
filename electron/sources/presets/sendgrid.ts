import { fieldOf } from '../body/json-object.ts';
import { defineJsonPreset } from '../define-json-preset.ts';
import { none } from '../verify/schemes/none.ts';
import { sendgrid as scheme } from '../verify/schemes/sendgrid.ts';
import { offerSchemes } from '../verify/verify-choice.ts';

export const sendgrid = defineJsonPreset({
  id: 'sendgrid',
  label: 'Twilio SendGrid',
  description:
    'The Event Webhook of SendGrid. In SendGrid: Settings, Mail Settings, Event Webhooks. Paste the address of this ' +
    'source as Post URL, enable Signed Event Webhook, and copy its verification key. One delivery holds many events. ' +
    'Types are those of SendGrid, such as delivered, open or bounce.',
  verification: offerSchemes(scheme, none),
  sample: {
    document: [
      {
        email: 'mila@example.com',
        timestamp: 1769846400,
        event: 'delivered',
        sg_event_id: 'ZGVsaXZlcmVkLTAtMzE',
        sg_message_id: '14c5d75ce93.dfd.64b469.filter0001',
        'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
        category: ['depot'],
      },
    ],
  },
  split: (document) => (Array.isArray(document) ? document : undefined),
  typeIn: '"event"',
  type: ({ item }) => fieldOf(item, 'event'),
  externalId: ({ item }) => fieldOf(item, 'sg_event_id'),
  time: ({ item }) => ['timestamp', fieldOf(item, 'timestamp')],
  context: ({ item }) => ({
    message: fieldOf(item, 'sg_message_id'),
    email: fieldOf(item, 'email'),
    category: fieldOf(item, 'category'),
  }),
});
