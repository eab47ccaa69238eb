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
    create: 'An order was created.',
    updated: 'An order was updated.',
    edited: 'The line items of an order were edited.',
    paid: 'An order was paid.',
    partially_fulfilled: 'An order was partially fulfilled.',
    fulfilled: 'An order was fulfilled.',
    cancelled: 'An order was canceled.',
    delete: 'An order was deleted.',
  }),
  ...topics('Orders', 'draft_orders', draft, {
    create: 'A draft order was created.',
    update: 'A draft order was updated.',
    delete: 'A draft order was deleted.',
  }),
  ...topics(
    'Orders',
    'refunds',
    { id: 890_088_186, order_id: 5_501_230_044, note: 'Broken', transactions: [] },
    {
      create: 'A refund was created.',
    },
  ),
  ...topics(
    'Orders',
    'order_transactions',
    { id: 120_560_818, order_id: 5_501_230_044, kind: 'sale', amount: '125.00' },
    {
      create: 'A transaction of an order was created.',
    },
  ),
  ...topics(
    'Checkout',
    'checkouts',
    { id: 981_820_079, token: '123', email: 'mila@example.com', line_items: lineItems },
    {
      create: 'A checkout was created.',
      update: 'A checkout was updated.',
      delete: 'A checkout was deleted.',
    },
  ),
  ...topics('Checkout', 'carts', cart, {
    create: 'A cart was created.',
    update: 'A cart was updated.',
  }),
  ...topics('Fulfillment', 'fulfillments', fulfillment, {
    create: 'A fulfillment was created.',
    update: 'A fulfillment was updated.',
  }),
  ...topics('Products', 'products', product, {
    create: 'A product was created.',
    update: 'A product was updated.',
    delete: 'A product was deleted.',
  }),
  ...topics(
    'Products',
    'collections',
    { id: 408_372_092, title: 'Lamps', handle: 'lamps' },
    {
      create: 'A collection was created.',
      update: 'A collection was updated.',
      delete: 'A collection was deleted.',
    },
  ),
  ...topics(
    'Products',
    'inventory_levels',
    { inventory_item_id: 271_878_346, location_id: 24_826_418, available: 7 },
    {
      update: 'The stock of an item changed.',
      connect: 'An item was added to a location.',
      disconnect: 'An item was removed from a location.',
    },
  ),
  ...topics('Customers', 'customers', customer, {
    create: 'A customer was created.',
    update: 'A customer was updated.',
    enable: 'A customer account was enabled.',
    disable: 'A customer account was disabled.',
    delete: 'A customer was deleted.',
  }),
  ...topics(
    'Shop',
    'shop',
    { id: 954_889, name: 'Depot', domain: 'example.myshopify.com' },
    {
      update: 'The settings of the shop were updated.',
    },
  ),
  ...topics(
    'Shop',
    'themes',
    { id: 512_162_865, name: 'Comfort', role: 'main' },
    {
      publish: 'A theme was published.',
    },
  ),
  ...topics(
    'Shop',
    'app',
    { id: 954_889, name: 'Depot', domain: 'example.myshopify.com' },
    {
      uninstalled: 'The app was uninstalled.',
    },
  ),
  ...topics(
    'Privacy',
    'customers',
    { ...shop, customer, orders_requested: [5_501_230_044] },
    {
      data_request: 'A customer requested their data.',
      redact: 'The app must erase the data of a customer.',
    },
  ),
  ...topics('Privacy', 'shop', shop, { redact: 'The app must erase the data of a shop.' }),
];
