import { type CatalogEntry, type CatalogObject, entry } from '../catalog-types.ts';

const created = 1_769_846_400;
const customer = 'cus_Depot31';

const objects = {
  payment_intent: { id: 'pi_1Pdepot', amount: 12500, currency: 'eur', customer, status: 'succeeded' },
  charge: { id: 'ch_1Pdepot', amount: 12500, currency: 'eur', customer, paid: true, status: 'succeeded' },
  'charge.dispute': {
    object: 'dispute',
    id: 'dp_1Pdepot',
    amount: 12500,
    charge: 'ch_1Pdepot',
    status: 'needs_response',
  },
  refund: { id: 're_1Pdepot', amount: 12500, charge: 'ch_1Pdepot', status: 'succeeded' },
  'checkout.session': { id: 'cs_test_1Pdepot', mode: 'payment', amount_total: 12500, currency: 'eur', customer },
  customer: { id: customer, email: 'mila@example.com', name: 'Mila Kovač' },
  'customer.subscription': { object: 'subscription', id: 'sub_1Pdepot', customer, status: 'active' },
  invoice: { id: 'in_1Pdepot', customer, currency: 'eur', amount_due: 12500, amount_paid: 12500, status: 'paid' },
  payment_method: { id: 'pm_1Pdepot', type: 'card', customer },
  setup_intent: { id: 'seti_1Pdepot', customer, status: 'succeeded' },
  product: { id: 'prod_Depot', name: 'Signal lamp', active: true },
  price: { id: 'price_1Pdepot', product: 'prod_Depot', unit_amount: 6250, currency: 'eur' },
  payout: { id: 'po_1Pdepot', amount: 98000, currency: 'eur', status: 'paid' },
  balance: { available: [{ amount: 98000, currency: 'eur' }], pending: [] },
  account: { id: 'acct_1Pdepot', charges_enabled: true, payouts_enabled: true },
} as const satisfies Readonly<Record<string, CatalogObject>>;

type ObjectName = keyof typeof objects;

const group = (label: string, of: ObjectName, rows: Readonly<Record<string, string>>): CatalogEntry[] =>
  Object.entries(rows).map(([action, description]) => {
    const type = `${of}.${action}`;
    const sample: CatalogObject = {
      id: `evt_${type.replace(/[._]/g, '')}`,
      object: 'event',
      api_version: '2025-09-30.clover',
      created,
      type,
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      data: { object: { object: of, ...objects[of], created } },
    };
    return entry({ type, group: label, description, sample });
  });

export const stripeTypes: readonly CatalogEntry[] = [
  ...group('Checkout', 'checkout.session', {
    completed: 'A customer got through the checkout.',
    expired: 'A checkout was not finished in time.',
    async_payment_succeeded: 'A slow payment of a checkout came in.',
    async_payment_failed: 'A slow payment of a checkout did not come in.',
  }),
  ...group('Payments', 'payment_intent', {
    created: 'A payment was begun.',
    processing: 'A payment is on its way.',
    requires_action: 'A payment waits for the customer, for 3-D Secure say.',
    succeeded: 'A payment went through.',
    payment_failed: 'A payment was declined.',
    canceled: 'A payment was called off.',
    amount_capturable_updated: 'An amount was reserved and can be captured.',
  }),
  ...group('Payments', 'charge', {
    succeeded: 'Money was taken.',
    failed: 'Money could not be taken.',
    captured: 'A reserved amount was taken.',
    refunded: 'Money was given back, wholly or in part.',
  }),
  ...group('Payments', 'refund', {
    created: 'A refund was begun.',
    updated: 'A refund was changed.',
    failed: 'A refund did not arrive.',
  }),
  ...group('Payments', 'setup_intent', {
    succeeded: 'A way to pay was set up for later.',
    setup_failed: 'A way to pay could not be set up.',
  }),
  ...group('Payments', 'payment_method', {
    attached: 'A customer has one more way to pay.',
    detached: 'A way to pay was taken from a customer.',
  }),
  ...group('Disputes', 'charge.dispute', {
    created: 'A customer disputes a charge, and the bank wants an answer.',
    updated: 'A dispute was changed.',
    closed: 'A dispute was decided.',
  }),
  ...group('Invoices', 'invoice', {
    created: 'There is a new invoice.',
    finalized: 'An invoice can no longer be changed and is due.',
    sent: 'An invoice was mailed.',
    paid: 'An invoice is paid.',
    payment_succeeded: 'A payment of an invoice came in.',
    payment_failed: 'A payment of an invoice was declined.',
    payment_action_required: 'An invoice waits for the customer to confirm its payment.',
    upcoming: 'A subscription will be invoiced in a few days.',
    voided: 'An invoice was declared void.',
    marked_uncollectible: 'An invoice was given up.',
  }),
  ...group('Customers', 'customer', {
    created: 'There is a new customer.',
    updated: 'A customer was changed.',
    deleted: 'A customer was removed.',
  }),
  ...group('Subscriptions', 'customer.subscription', {
    created: 'A customer subscribed.',
    updated: 'A subscription has another plan, quantity or status.',
    deleted: 'A subscription came to its end.',
    paused: 'A subscription rests.',
    resumed: 'A subscription that rested goes on.',
    trial_will_end: 'A trial ends in three days.',
  }),
  ...group('Products', 'product', {
    created: 'There is a new product.',
    updated: 'A product was changed.',
    deleted: 'A product was removed.',
  }),
  ...group('Products', 'price', {
    created: 'There is a new price.',
    updated: 'A price was changed.',
    deleted: 'A price was removed.',
  }),
  ...group('Account', 'payout', {
    created: 'Money is on its way to the bank.',
    paid: 'Money should have reached the bank.',
    failed: 'Money could not be paid out.',
  }),
  ...group('Account', 'balance', { available: 'The balance was changed.' }),
  ...group('Account', 'account', { updated: 'Settings or permissions of an account were changed.' }),
];
