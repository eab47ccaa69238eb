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
    completed: 'A checkout was completed.',
    expired: 'A checkout expired.',
    async_payment_succeeded: 'A delayed payment of a checkout succeeded.',
    async_payment_failed: 'A delayed payment of a checkout failed.',
  }),
  ...group('Payments', 'payment_intent', {
    created: 'A payment was created.',
    processing: 'A payment is processing.',
    requires_action: 'A payment needs action by the customer, such as 3-D Secure.',
    succeeded: 'A payment succeeded.',
    payment_failed: 'A payment failed.',
    canceled: 'A payment was canceled.',
    amount_capturable_updated: 'An amount was authorized and can be captured.',
  }),
  ...group('Payments', 'charge', {
    succeeded: 'A charge succeeded.',
    failed: 'A charge failed.',
    captured: 'An authorized charge was captured.',
    refunded: 'A charge was refunded, fully or partially.',
  }),
  ...group('Payments', 'refund', {
    created: 'A refund was created.',
    updated: 'A refund was updated.',
    failed: 'A refund failed.',
  }),
  ...group('Payments', 'setup_intent', {
    succeeded: 'A payment method was set up for later use.',
    setup_failed: 'Setting up a payment method failed.',
  }),
  ...group('Payments', 'payment_method', {
    attached: 'A payment method was attached to a customer.',
    detached: 'A payment method was detached from a customer.',
  }),
  ...group('Disputes', 'charge.dispute', {
    created: 'A customer disputed a charge; the bank expects a response.',
    updated: 'A dispute was updated.',
    closed: 'A dispute was closed.',
  }),
  ...group('Invoices', 'invoice', {
    created: 'An invoice was created.',
    finalized: 'An invoice was finalized.',
    sent: 'An invoice was emailed.',
    paid: 'An invoice was paid.',
    payment_succeeded: 'A payment of an invoice succeeded.',
    payment_failed: 'A payment of an invoice failed.',
    payment_action_required: 'A payment of an invoice needs action by the customer.',
    upcoming: 'A subscription will be invoiced within days.',
    voided: 'An invoice was voided.',
    marked_uncollectible: 'An invoice was marked uncollectible.',
  }),
  ...group('Customers', 'customer', {
    created: 'A customer was created.',
    updated: 'A customer was updated.',
    deleted: 'A customer was deleted.',
  }),
  ...group('Subscriptions', 'customer.subscription', {
    created: 'A subscription was created.',
    updated: 'A subscription was updated, such as its plan, quantity or status.',
    deleted: 'A subscription ended.',
    paused: 'A subscription was paused.',
    resumed: 'A subscription was resumed.',
    trial_will_end: 'A trial ends in three days.',
  }),
  ...group('Products', 'product', {
    created: 'A product was created.',
    updated: 'A product was updated.',
    deleted: 'A product was deleted.',
  }),
  ...group('Products', 'price', {
    created: 'A price was created.',
    updated: 'A price was updated.',
    deleted: 'A price was deleted.',
  }),
  ...group('Account', 'payout', {
    created: 'A payout was created.',
    paid: 'A payout was paid.',
    failed: 'A payout failed.',
  }),
  ...group('Account', 'balance', { available: 'The available balance changed.' }),
  ...group('Account', 'account', { updated: 'The settings or permissions of an account changed.' }),
];
