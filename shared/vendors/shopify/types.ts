import { type CatalogEntry, type CatalogObject, entry } from '../catalog-types.ts';

const times: CatalogObject = { created_at: '2026-01-31T09:00:00+01:00', updated_at: '2026-01-31T09:00:00+01:00' };
const lineItems = [{ id: 8801, title: 'Signal lamp', quantity: 2, price: '62.50' }];
const customer: CatalogObject = { id: 7_066_340, email: 'mila@example.com', first_name: 'Mila', last_name: 'Kovač' };
const order: CatalogObject = {
  id: 5_501_230_044,
  admin_graphql_api_id: 'gid://shopify/Order/5501230044',
  name: '#1044',
  email: 'mila@example.com',
  currency: 'EUR',
  total_price: '125.00',
  financial_status: 'paid',
  fulfillment_status: null,
  line_items: lineItems,
  customer,
};
const fulfillment: CatalogObject = {
  id: 255_858_046,
  order_id: 5_501_230_044,
  status: 'success',
  tracking_number: '1Z31',
};
const draft: CatalogObject = { id: 622_762_746, name: '#D2', status: 'open', currency: 'EUR', line_items: lineItems };
const product: CatalogObject = { id: 788_032_119, title: 'Signal lamp', vendor: 'Harbor Works', status: 'active' };
const cart: CatalogObject = { token: 'eeafa272cebfd4b22385bc4b645e762c', line_items: lineItems };
const shop: CatalogObject = { shop_id: 954_889, shop_domain: 'example.myshopify.com' };

type Rows = Readonly<Record<string, string>>;

const topics = (group: string, resource: string, body: CatalogObject, rows: Rows): CatalogEntry[] =>
  Object.entries(rows).map(([action, description]) =>
    entry({ type: `${resource}/${action}`, group, description, sample: { ...body, ...times } }),
  );

/** The topic travels in `X-Shopify-Topic`, which `sampleDelivery` adds. */
export const shopifyTypes: readonly CatalogEntry[] = [
  ...topics('Orders', 'orders', order, {
    create: 'A customer has ordered.',
    updated: 'An order was changed.',
    edited: 'The lines of an order were changed.',
    paid: 'An order is paid.',
    partially_fulfilled: 'A part of an order was sent.',
    fulfilled: 'All of an order was sent.',
    cancelled: 'An order was called off.',
    delete: 'An order was removed.',
  }),
  ...topics('Orders', 'draft_orders', draft, {
    create: 'An order was drafted for a customer.',
    update: 'A drafted order was changed.',
    delete: 'A drafted order was removed.',
  }),
  ...topics(
    'Orders',
    'refunds',
    { id: 890_088_186, order_id: 5_501_230_044, note: 'Broken', transactions: [] },
    {
      create: 'A customer got money back.',
    },
  ),
  ...topics(
    'Orders',
    'order_transactions',
    { id: 120_560_818, order_id: 5_501_230_044, kind: 'sale', amount: '125.00' },
    {
      create: 'Money was taken or given back for an order.',
    },
  ),
  ...topics(
    'Checkout',
    'checkouts',
    { id: 981_820_079, token: '123', email: 'mila@example.com', line_items: lineItems },
    {
      create: 'A customer began to check out.',
      update: 'A checkout was changed.',
      delete: 'A checkout was removed.',
    },
  ),
  ...topics('Checkout', 'carts', cart, {
    create: 'There is a new cart.',
    update: 'A cart has other contents.',
  }),
  ...topics('Fulfillment', 'fulfillments', fulfillment, {
    create: 'Goods are being sent.',
    update: 'A shipment was changed.',
  }),
  ...topics('Products', 'products', product, {
    create: 'There is a new product.',
    update: 'A product was changed.',
    delete: 'A product was removed.',
  }),
  ...topics(
    'Products',
    'collections',
    { id: 408_372_092, title: 'Lamps', handle: 'lamps' },
    {
      create: 'There is a new collection.',
      update: 'A collection was changed.',
      delete: 'A collection was removed.',
    },
  ),
  ...topics(
    'Products',
    'inventory_levels',
    { inventory_item_id: 271_878_346, location_id: 24_826_418, available: 7 },
    {
      update: 'There is more or less of something in stock.',
      connect: 'Something is kept at one more place.',
      disconnect: 'Something is no longer kept at a place.',
    },
  ),
  ...topics('Customers', 'customers', customer, {
    create: 'There is a new customer.',
    update: 'A customer was changed.',
    enable: 'A customer switched their account on.',
    disable: 'The account of a customer was switched off.',
    delete: 'A customer was removed.',
  }),
  ...topics(
    'Shop',
    'shop',
    { id: 954_889, name: 'Depot', domain: 'example.myshopify.com' },
    {
      update: 'The settings of the shop were changed.',
    },
  ),
  ...topics(
    'Shop',
    'themes',
    { id: 512_162_865, name: 'Comfort', role: 'main' },
    {
      publish: 'The shop has another look.',
    },
  ),
  ...topics(
    'Shop',
    'app',
    { id: 954_889, name: 'Depot', domain: 'example.myshopify.com' },
    {
      uninstalled: 'The shop took the app out.',
    },
  ),
  ...topics(
    'Privacy',
    'customers',
    { ...shop, customer, orders_requested: [5_501_230_044] },
    {
      data_request: 'A customer wants to see what the app knows of them.',
      redact: 'The app must erase what it knows of a customer.',
    },
  ),
  ...topics('Privacy', 'shop', shop, { redact: 'The app must erase what it knows of a shop.' }),
];
