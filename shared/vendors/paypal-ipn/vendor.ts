import { type CatalogObject, entry } from '../catalog-types.ts';
import { asForm, given, steps, type Vendor } from '../vendor.ts';

function nameOf(type: string): CatalogObject {
  const [name = type, state] = type.split('.');
  if (state === undefined) return { txn_type: name };
  const payment_status = state.charAt(0).toUpperCase() + state.slice(1);
  return name === 'payment' ? { payment_status } : { txn_type: name, payment_status };
}

const rows: readonly (readonly [type: string, group: string, description: string])[] = [
  ['web_accept.completed', 'Payments', 'A payment was completed.'],
  ['web_accept.pending', 'Payments', 'A payment is pending.'],
  ['cart.completed', 'Payments', 'A payment for several items was completed.'],
  ['payment.refunded', 'Payments', 'A payment was refunded.'],
  ['subscr_signup', 'Subscriptions', 'A subscription was started.'],
  ['subscr_cancel', 'Subscriptions', 'A subscription was canceled.'],
  ['recurring_payment.completed', 'Subscriptions', 'A recurring payment was completed.'],
];

const sampleOf = (type: string): CatalogObject => ({
  ...nameOf(type),
  txn_id: `4WE-${type}`,
  receiver_email: 'sales@example.com',
  mc_gross: '125.00',
  mc_currency: 'EUR',
  payment_date: '08:00:00 Jan 31, 2026 PST',
});

export const paypalIpn: Vendor = {
  id: 'paypal-ipn',
  group: 'Payments and shops',
  types: rows.map(([type, group, description]) => entry({ type, group, description, sample: sampleOf(type) })),
  forms: { form: asForm },
  rename: (_sample, type) => sampleOf(type),
  stamp: (sample, { id }) => ({ ...sample, ...given({ txn_id: id }) }),
  setup: ({ url }) =>
    steps(
      `PayPal → Account Settings → Website payments → Instant payment notifications → Update: Notification URL \`${url}\`.`,
      'Set the email address of the account as Receiver under Settings. Messages are verified with PayPal, which this machine must be able to reach.',
    ),
  recognition: { inText: (text) => (/(?:^|&)ipn_track_id=/.test(text) ? 'the field ipn_track_id' : null) },
};
