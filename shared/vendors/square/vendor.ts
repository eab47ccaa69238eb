import { type CatalogObject, entry } from '../catalog-types.ts';
import { asJson, given, steps, type Vendor } from '../vendor.ts';

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['payment.created', 'Payments', 'A payment was created.'],
  ['payment.updated', 'Payments', 'A payment was updated.'],
  ['refund.created', 'Payments', 'A refund was created.'],
  ['order.created', 'Orders', 'An order was created.'],
  ['invoice.payment_made', 'Invoices', 'An invoice was paid.'],
  ['customer.created', 'Customers', 'A customer was created.'],
];

const sampleOf = (type: string): CatalogObject => ({
  merchant_id: 'MLDEPOT31',
  type,
  event_id: `evt-${type}`,
  created_at: '2026-01-31T08:00:00.000Z',
  data: { type: type.split('.')[0] ?? type, id: 'hYy9pRFVxpDsO1FB05SunFWUe9JZY', object: {} },
});

export const square: Vendor = {
  id: 'square',
  group: 'Payments and shops',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { json: asJson() },
  rename: (sample, type) => ({ ...sample, type }),
  stamp: (sample, { id, at }) => ({ ...sample, ...given({ event_id: id, created_at: at }) }),
  setup: ({ url }) =>
    steps(
      `Square Developer Console → your application → Webhooks → Subscriptions → Add subscription: Notification URL \`${url}\`, which must be the public address in the settings, since Square signs it.`,
      'Copy the signature key and set it under Settings.',
    ),
  recognition: { headers: ['x-square-hmacsha256-signature'] },
};
